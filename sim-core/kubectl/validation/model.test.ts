import { expect, test } from 'vitest';
import type { Json } from '../../apimachinery/object.ts';
import { schemaOf } from '../../apimachinery/schema/schema.ts';
import { validateModel } from './model.ts';

const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** The words are what the real kubectl says of each. */
const CASES: readonly (readonly [type: string, value: Json, ...errors: string[]])[] = [
  ['io.k8s.api.core.v1.ConfigMap', { metadata: { name: 'a' }, data: { a: 1, b: true }, immutable: null }],
  [
    'io.k8s.api.core.v1.ConfigMap',
    { dta: {}, data: { a: null, b: [] } },
    'unknown object type "nil" in X.data.a',
    'ValidationError(X.data.b): invalid type for io.k8s.api.core.v1.ConfigMap.data: got "array", expected "string"',
    'ValidationError(X): unknown field "dta" in io.k8s.api.core.v1.ConfigMap',
  ],
  [
    'io.k8s.api.core.v1.PodSpec',
    { containers: [{ name: 'c', ports: [{ containerPort: 'x' }], args: [null] }], volumes: {} },
    'ValidationError(X.containers[0].args): unknown object type "nil" in X.containers[0].args[0]',
    'ValidationError(X.containers[0].ports[0].containerPort): invalid type for io.k8s.api.core.v1.ContainerPort.containerPort: got "string", expected "integer"',
    'ValidationError(X.volumes): invalid type for io.k8s.api.core.v1.PodSpec.volumes: got "map", expected "array"',
  ],
  [
    'io.k8s.api.core.v1.PodSpec',
    { containers: null, hostNetwork: 'yes', securityContext: 1 },
    'ValidationError(X.hostNetwork): invalid type for io.k8s.api.core.v1.PodSpec.hostNetwork: got "string", expected "boolean"',
    'ValidationError(X.securityContext): invalid type for io.k8s.api.core.v1.PodSecurityContext: got "integer", expected "map"',
    'ValidationError(X): missing required field "containers" in io.k8s.api.core.v1.PodSpec',
  ],
  [
    'io.k8s.api.core.v1.ResourceRequirements',
    { limits: { cpu: {}, memory: 1.5 } },
    'ValidationError(X.limits.cpu): invalid type for io.k8s.apimachinery.pkg.api.resource.Quantity: got "map", expected "string"',
  ],
  ['io.k8s.api.apps.v1.DeploymentSpec', { replicas: 1.5, selector: {}, template: {} }],
  [
    'io.k8s.api.apps.v1.ControllerRevision',
    { revision: 1, data: 5 },
    'ValidationError(X.data): invalid type for io.k8s.apimachinery.pkg.runtime.RawExtension: got "integer", expected "map"',
  ],
  [`${EXTENSIONS}.JSONSchemaProps`, { default: 5, enum: ['a', {}], items: [], additionalProperties: true }],
];

test.each(CASES.map(([type, value, ...errors]) => ({ type, value, errors })))(
  'validateModel checks a $type: $value',
  ({ type, value, errors }) => {
    expect(validateModel(value, schemaOf(type)!, 'X').map(({ message }) => message)).toEqual(errors);
  },
);
