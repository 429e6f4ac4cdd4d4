import { describe, expect, test } from 'vitest';
import { checkYamlDepth } from './yaml-depth.ts';
import { parseYaml } from './yaml.ts';

/** Ways to write a text of some depth. */
const SHAPES: Readonly<Record<string, (depth: number) => string>> = {
  'flow sequences': (depth) => '['.repeat(depth) + ']'.repeat(depth),
  'flow mappings': (depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
  'block sequences on a line': (depth) => '- '.repeat(depth) + 'x',
  'explicit keys on a line': (depth) => '? '.repeat(depth) + 'x',
};

describe('checkYamlDepth', () => {
  test.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    expect(() => checkYamlDepth(shape(400))).not.toThrow();
    expect(() => checkYamlDepth(shape(401))).toThrow(/^yaml: exceeded max depth$/);
    expect(() => checkYamlDepth(shape(10_001))).toThrow('yaml: exceeded max depth of 10000');
  });

  test('block mappings, each on its line', () => {
    const shape = (depth: number) =>
      Array.from({ length: depth }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    expect(() => checkYamlDepth(shape(400))).not.toThrow();
    expect(() => checkYamlDepth(shape(401))).toThrow('exceeded max depth');
  });

  test('says on which line', () => {
    expect(() => checkYamlDepth(`a: 1\nb: ${'['.repeat(10_001)}`)).toThrow(
      'yaml: line 2: exceeded max depth of 10000',
    );
  });

  test('siblings and texts are no depth', () => {
    const wide = [
      '# [[[[\n'.repeat(500),
      'a:\n  - b: 1\n    c: [1]\n'.replace('a', 'x'),
      ...Array.from({ length: 500 }, (_, index) => `k${index}:\n  - b: {c: [1, 2]}\n    d: "[[["\n`),
      `text: |\n${'  [[[[ - - -\n'.repeat(500)}`,
      'last: 1\n',
    ].join('');
    expect(() => checkYamlDepth(wide)).not.toThrow();
  });
});

test('parseYaml answers what is far too deep', () => {
  expect(() => parseYaml(`a: ${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toThrow(
    'yaml: exceeded max depth of 10000',
  );
  for (const shape of [SHAPES['flow sequences']!, SHAPES['block sequences on a line']!]) {
    expect(() => parseYaml(shape(400))).not.toThrow();
  }
});
