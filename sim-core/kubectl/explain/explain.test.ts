import { expect, test } from 'vitest';
import { plaintextOpenApiV2 } from './plaintext-openapi-v2.ts';
import { plaintext } from './plaintext.ts';
import { followPath, type SchemaNode } from './schema-node.ts';
import { wrapParagraphs } from './text.ts';

const leaf: SchemaNode = {
  typeName: 'string',
  plainTypeName: 'string',
  descriptions: [],
  structure: undefined,
  enum: ['', 'a', 'b', 'c', 'd'],
};
const root: SchemaNode = {
  typeName: 'Thing',
  plainTypeName: 'Object',
  descriptions: ['A thing.'],
  get structure() {
    return {
      id: 'Thing',
      fields: new Map([
        ['again', { name: 'again', required: false, description: 'Itself.', node: root }],
        ['mode', { name: 'mode', required: true, description: '', node: leaf }],
      ]),
    };
  },
};

test('fields are listed with what they may hold', () => {
  expect(plaintext(root, undefined, false)).toBe(
    'DESCRIPTION:\n    A thing.\n    \nFIELDS:\n  again\t<Thing>\n    Itself.\n\n' +
      '  mode\t<string> -required-\n  enum: "", a, b, c, ....\n    <no description>\n\n\n',
  );
});

test('a field has all its values', () => {
  expect(plaintext(root, followPath(root, ['again', 'mode']), false)).toBe(
    'FIELD: mode <string>\nENUM:\n    ""\n    a\n    b\n    c\n    d\n\nDESCRIPTION:\n    <empty>\n\n',
  );
});

test('structures that contain themselves end', () => {
  expect(plaintext(root, undefined, true)).toContain('FIELDS:\n  again\t<Thing>\n  mode\t<string>');
  expect(plaintextOpenApiV2(MAPPING, root, undefined, true)).toBe(
    'KIND:     Thing\nVERSION:  g/v1\n\nDESCRIPTION:\n     A thing.\n\nFIELDS:\n   again\t<Object>\n   mode\t<string>\n',
  );
});

test('an unknown field is named', () => {
  expect(() => followPath(root, ['again', 'nope', 'more'])).toThrow('field "nope" does not exist');
});

test('the old format keeps lists and code', () => {
  expect(wrapParagraphs('one two three:\nfour\n- five\n    code  here\n\nsix', 8)).toEqual([
    'one two',
    'three:',
    'four',
    '- five',
    '    code  here',
    '',
    'six',
  ]);
});

const MAPPING = { group: 'g', version: 'v1', resource: 'things', kind: 'Thing', namespaced: true };
