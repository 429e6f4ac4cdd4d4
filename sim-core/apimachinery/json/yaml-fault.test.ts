import { describe, expect, it } from 'vitest';
import { parseYaml } from './yaml.ts';
import { YamlError } from './yaml-error.ts';

/** What kubectl v1.36 says of these texts. */
const FAULTS: readonly (readonly [string, string])[] = [
  ['apiVersion: v1\n\tkind: Config\n', 'yaml: line 2: found a tab character that violates indentation'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n\tlabels: {}\n',
    'yaml: line 5: found a tab character that violates indentation',
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  \tlabels: {}\n',
    'yaml: line 5: found a tab character that violates indentation',
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n',
    'yaml: line 4: found character that cannot start any token',
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  labels\n    app: y\n',
    "yaml: line 6: could not find expected ':'",
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  labels\n',
    "yaml: line 6: could not find expected ':'",
  ],
  ['apiVersion: v1\nkind Pod\nmetadata:\n  name: x\n', "yaml: line 3: could not find expected ':'"],
  [
    'apiVersion v1\nkind: Pod\nmetadata:\n  name: x\n',
    'yaml: line 2: mapping values are not allowed in this context',
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name:x\n  labels: {}\n',
    'yaml: line 5: mapping values are not allowed in this context',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n    image: nginx\n   ports: []\n',
    'yaml: line 6: did not find expected key',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n     image: nginx\n',
    'yaml: line 6: mapping values are not allowed in this context',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n   image: nginx\n',
    'yaml: line 5: did not find expected key',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n   - name: c\n  - name: d\n',
    'yaml: line 5: did not find expected key',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n    command: ["a", "b"\n    image: x\n',
    "yaml: line 6: did not find expected ',' or ']'",
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: "c\n    image: x\n',
    'yaml: line 7: found unexpected end of stream',
  ],
  [
    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: 'c\n    image: x\n",
    'yaml: line 7: found unexpected end of stream',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c: d\n',
    'yaml: line 5: mapping values are not allowed in this context',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: @c\n',
    'yaml: line 5: found character that cannot start any token',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: `c`\n',
    'yaml: line 5: found character that cannot start any token',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: %c\n',
    'yaml: line 5: found character that cannot start any token',
  ],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: {c\n',
    "yaml: line 5: did not find expected ',' or '}'",
  ],
  [
    'apiVersion: v1\nkind: Pod\n  metadata:\n  name: c\n',
    'yaml: line 3: mapping values are not allowed in this context',
  ],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: x\n  name: c\n',
    'yaml: line 4: mapping values are not allowed in this context',
  ],
  ['apiVersion: v1\nkind: Pod\nmetadata: |\n x\n  y\nz\n', "yaml: line 7: could not find expected ':'"],
  ['apiVersion: v1\nkind: Pod\nmetadata: "x" y\n', 'yaml: line 2: did not find expected key'],
  ['apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n name2: y\n', 'yaml: line 4: did not find expected key'],
  ['apiVersion: v1\nkind: Pod\nmetadata: [a, b}\n', "yaml: line 2: did not find expected ',' or ']'"],
  ['apiVersion: v1\nkind: Pod\nmetadata: {a: b]\n', "yaml: line 2: did not find expected ',' or '}'"],
  ['apiVersion: v1\nkind: Pod\nmetadata: {a: b,\n', 'yaml: line 3: did not find expected node content'],
  ['apiVersion: v1\nkind: Pod\nmetadata: "\\x"\n', 'yaml: line 3: did not find expected hexdecimal number'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: >x\n foo\n',
    'yaml: line 3: did not find expected comment or line break',
  ],
  ['a: b\na: c\n- d\n', 'yaml: line 2: did not find expected key'],
  ['- a\nb: c\n', "yaml: line 1: did not find expected '-' indicator"],
  ['{"a": 1 "b": 2}', "yaml: did not find expected ',' or '}'"],
  ['[1, 2', "yaml: line 1: did not find expected ',' or ']'"],
  ['a:\n  b\n  c: d', 'yaml: line 3: mapping values are not allowed in this context'],
  ['a: b\nc', "yaml: line 3: could not find expected ':'"],
  ['a: b\nc\n\n\n# x\nd: e\n', "yaml: line 5: could not find expected ':'"],
  ['a:\n- b\n-c\n', "yaml: line 4: could not find expected ':'"],
  ['a:\n  - b\n  -c\n', "yaml: line 4: could not find expected ':'"],
  ['a:\n  - b: 1\n    c: 2\n   d: 3\n', "yaml: line 3: did not find expected '-' indicator"],
  ['a:\n    - b: 1\n  - c: 2\n', 'yaml: line 2: did not find expected key'],
  ['a:\n  b: 1\n c: 2\n', 'yaml: line 2: did not find expected key'],
  ['a:\n  b: 1\n   c: 2\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['a: "x\n  y\n', 'yaml: line 3: found unexpected end of stream'],
  ['a: x: y\n', 'yaml: mapping values are not allowed in this context'],
  ['a: |\n\tx\n', 'yaml: line 2: found a tab character where an indentation space is expected'],
  ['a: |\n  x\n y\nz: 1\n', 'yaml: line 2: did not find expected key'],
  ['a: [b, c\nd: e\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: {b: c\nd: e}\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: {b: c\nd: e\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: ]\n', 'yaml: did not find expected node content'],
  ['a: }\nb: c\n', 'yaml: did not find expected node content'],
  ['a: ,\n', 'yaml: did not find expected node content'],
  ['a: - b\n', 'yaml: block sequence entries are not allowed in this context'],
  ['a: ? b\n', 'yaml: mapping keys are not allowed in this context'],
  ['a: "\\u12"\n', 'yaml: did not find expected hexdecimal number'],
  ['a: %x\n', 'yaml: found character that cannot start any token'],
  ['%x\n', 'yaml: found unknown directive name'],
  ['a: [[[[\n', 'yaml: line 1: did not find expected node content'],
  ['a: b\n  c: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a:b\nc: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['metadata:\n  labels: {app: x\nspec:\n  a: b\n', "yaml: line 2: did not find expected ',' or '}'"],
  ['metadata:\n  name: x\n  annotations:\n    a: "b"c"\n', 'yaml: line 3: did not find expected key'],
  ["metadata:\n  name: it's\n  b: 'it's'\n", 'yaml: line 2: did not find expected key'],
  ['spec:\n  command: ["sh", "-c", "echo "hi""]\n', "yaml: line 1: did not find expected ',' or ']'"],
  [
    'spec:\n  command: [sh, -c, echo: x]\n  args: - a\n',
    'yaml: line 3: block sequence entries are not allowed in this context',
  ],
  [
    'spec:\n  image: {{ .Values.image }}\n  x: {{ .Values.y }}:{{ z }}\n',
    'yaml: line 2: did not find expected key',
  ],
];

describe('faults of YAML', () => {
  it.each(FAULTS)('%j', (text, message) => {
    expect(() => parseYaml(text)).toThrow(new YamlError(message));
  });

  it('are not looked for behind the first document', () => {
    expect(parseYaml('  a: b\nc: d\n').value).toEqual({ a: 'b' });
  });

  it('a map as a key is shown as Go shows it', () => {
    expect(() => parseYaml('a: {{ b }}\n')).toThrow(
      new YamlError('yaml: invalid map key: map[interface {}]interface {}{"b":interface {}(nil)}'),
    );
  });
});
