import { expect, test } from 'vitest';
import type { CustomResourceDefinition, JSONSchemaProps } from '../../types.ts';
import { validateDefinition } from './definition.ts';

const AT = 'spec.validation.openAPIV3Schema';

function messages(schema: JSONSchemaProps, spec: object = {}, version: object = {}): string[] {
  const crd = {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version },
      ],
      ...spec,
    },
    status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
  } as CustomResourceDefinition;
  return validateDefinition(crd, () => []).map(({ message }) => message);
}

const withSpec = (spec: JSONSchemaProps): JSONSchemaProps => ({ type: 'object', properties: { spec } });

test.each<[string, JSONSchemaProps, string[]]>([
  ['nothing wrong', withSpec({ type: 'string' }), []],
  [
    'no type',
    withSpec({}),
    [`${AT}.properties[spec].type: Required value: must not be empty for specified object fields`],
  ],
  [
    'not an object',
    { type: 'array', items: { type: 'string' } },
    [`${AT}.type: Invalid value: "array": must be object at the root`],
  ],
  [
    'a list of nothing',
    withSpec({ type: 'array' }),
    [`${AT}.properties[spec].items: Required value: must be specified`],
  ],
  [
    'a type below anyOf',
    withSpec({ type: 'string', anyOf: [{ type: 'string' }] }),
    [`${AT}.properties[spec].anyOf[0].type: Forbidden: must be empty to be structural`],
  ],
  [
    'int or string',
    withSpec({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }),
    [],
  ],
  [
    'a field that only a junctor names',
    { type: 'object', anyOf: [{ properties: { a: { enum: [1] } } }] },
    [`${AT}.properties[a]: Required value: because it is defined in ${AT}.anyOf[0].properties[a]`],
  ],
  [
    'what no structural schema has, with nothing else said of the structure',
    withSpec({ definitions: { a: { type: 'abc' } } }),
    [
      `${AT}.properties[spec].definitions: Forbidden: definitions is not supported`,
      `${AT}.properties[spec].definitions[a].type: Unsupported value: "abc": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ],
  ],
  [
    'a schema of a schema, which only the structure forbids',
    withSpec({ type: 'string', $schema: 'x' } as JSONSchemaProps),
    [`${AT}: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`],
  ],
  [
    'a rule about a field that is not there',
    withSpec({ type: 'object', 'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.a' }] }),
    [
      `${AT}.properties[spec].x-kubernetes-validations[0].fieldPath: Invalid value: ".a": fieldPath must be a valid path`,
    ],
  ],
  [
    'a broken pattern',
    withSpec({ type: 'string', pattern: '[' }),
    [
      `${AT}.properties[spec].pattern: Invalid value: "[": must be a valid regular expression, but isn't: error parsing regexp: missing closing ]: \`[\``,
    ],
  ],
  [
    'an invalid default',
    withSpec({ type: 'integer', default: 'x' }),
    [`${AT}.properties[spec].default: Invalid value: "string":  in body must be of type integer: "string"`],
  ],
  [
    'unique items',
    withSpec({ type: 'array', items: { type: 'string' }, uniqueItems: true }),
    [
      `${AT}.properties[spec].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  ],
  [
    'a list map without keys',
    withSpec({ type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' }),
    [
      `${AT}.properties[spec].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
  ],
  [
    'both kinds of properties',
    withSpec({
      type: 'object',
      properties: { a: { type: 'string' } },
      additionalProperties: { type: 'string' },
    }),
    [
      `${AT}.properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
  ],
  [
    'metadata',
    {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
    },
    [
      `${AT}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ],
  ],
])('a schema: %s', (_, schema, expected) => {
  expect(messages(schema)).toEqual(expected);
});

test.each<[string, object, object, string[]]>([
  [
    'scope',
    { scope: 'Galaxy' },
    {},
    ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
  ],
  [
    'kind and listKind',
    { names: { plural: 'widgets', singular: 'widget', kind: 'W', listKind: 'W' } },
    {},
    ['spec.names.listKind: Invalid value: "W": kind and listKind may not be the same'],
  ],
  [
    'a column',
    {},
    { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'spec' }] },
    [
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
    ],
  ],
  [
    'scale',
    {},
    { subresources: { scale: { specReplicasPath: '.size', statusReplicasPath: '' } } },
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".size": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: Required value',
    ],
  ],
  [
    'conversion',
    { conversion: { strategy: 'Webhook' } },
    {},
    [
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  ],
])('a definition: %s', (_, spec, version, expected) => {
  expect(messages(withSpec({ type: 'string' }), spec, version)).toEqual(expected);
});
