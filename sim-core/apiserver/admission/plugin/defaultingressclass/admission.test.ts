import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { DefaultIngressClass } from './admission.ts';

const classOf = (name: string, isDefault: boolean, creationTimestamp = '2024-01-01T00:00:00Z') => ({
  metadata: {
    name,
    creationTimestamp,
    ...(isDefault && { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }),
  },
});
const pluginOf = (...ingressclasses: object[]) =>
  new DefaultIngressClass({ reader: readerOf({ ingressclasses: ingressclasses as never }) });
const ingressOf = (spec: object, annotations: Record<string, string> = {}) =>
  attributesOf({
    group: 'networking.k8s.io',
    resource: 'ingresses',
    object: { metadata: { name: 'web', annotations }, spec },
  });

test.each([
  ['no default', [classOf('a', false)], {}, {}, undefined],
  ['a default', [classOf('a', false), classOf('b', true)], {}, {}, 'b'],
  ['two defaults of one second', [classOf('b', true), classOf('a', true)], {}, {}, 'a'],
  [
    'a newer default',
    [classOf('a', true, '2024-01-01T00:00:00Z'), classOf('b', true, '2024-01-01T00:00:01Z')],
    {},
    {},
    'b',
  ],
  ['a class of its own', [classOf('b', true)], { ingressClassName: 'own' }, {}, 'own'],
  ['the old annotation', [classOf('b', true)], {}, { 'kubernetes.io/ingress.class': 'old' }, undefined],
])('%s', async (_name, classes, spec, annotations, want) => {
  const attributes = ingressOf(spec, annotations);
  await pluginOf(...classes).admit(attributes);
  expect(attributes.object!.spec.ingressClassName).toBe(want);
});
