import { expect, test } from 'vitest';
import type { Factory } from '../factory.ts';
import { publishedSchema } from './openapi-v3.ts';
import { plaintext } from './plaintext.ts';
import { followPath } from './schema-node.ts';

const MAPPING = { group: 'g.io', version: 'v1', resource: 'things', kind: 'Thing', namespaced: true };
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  '/openapi/v3': { paths: { 'apis/g.io/v1': { serverRelativeURL: '/openapi/v3/apis/g.io/v1?hash=1' } } },
  '/openapi/v3/apis/g.io/v1?hash=1': {
    components: {
      schemas: {
        'io.g.v1.Thing': {
          type: 'object',
          description: 'A thing.',
          required: ['size'],
          properties: {
            size: { type: 'integer', description: 'How large.', enum: [1, 2] },
            parts: {
              description: 'What it is made of.',
              type: 'array',
              items: { allOf: [{ $ref: '#/components/schemas/io.g.v1.Part' }], default: {} },
            },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
          },
          'x-kubernetes-group-version-kind': [{ group: 'g.io', version: 'v1', kind: 'Thing' }],
        },
        'io.g.v1.Part': {
          type: 'object',
          description: 'A part.',
          properties: { name: { type: 'string', description: 'Its name.' } },
        },
      },
    },
  },
};
const factory = {
  client: () => ({
    raw: ({ path }: { path: string }) =>
      Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(DOCUMENTS[path]) }),
  }),
} as unknown as Factory;

test('a kind that the server describes', async () => {
  const root = (await publishedSchema(factory, MAPPING))!;
  expect(plaintext(root, undefined, false)).toBe(
    'DESCRIPTION:\n    A thing.\n    \nFIELDS:\n' +
      '  labels\t<map[string]string>\n    <no description>\n\n' +
      '  parts\t<[]Part>\n    What it is made of.\n\n' +
      '  size\t<integer> -required-\n  enum: 1, 2\n    How large.\n\n\n',
  );
  expect(plaintext(root, followPath(root, ['parts']), false)).toBe(
    'FIELD: parts <[]Part>\n\n\nDESCRIPTION:\n    What it is made of.\n    A part.\n    \nFIELDS:\n' +
      '  name\t<string>\n    Its name.\n\n\n',
  );
});

test('a kind that it does not know', async () => {
  expect(await publishedSchema(factory, { ...MAPPING, kind: 'Other' })).toBeUndefined();
  expect(await publishedSchema(factory, { ...MAPPING, version: 'v2' })).toBeUndefined();
});
