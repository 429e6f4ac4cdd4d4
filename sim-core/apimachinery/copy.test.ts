import { describe, expect, test } from 'vitest';
import { deepCopy, deepCopySince, deepEqual, decodedEqual, semanticEqual } from './copy.ts';

describe('deepCopy', () => {
  test('copies every level', () => {
    const original = { metadata: { labels: { a: 'b' } }, list: [{ x: 1 }, null, 'text'] };
    const copy = deepCopy(original);
    expect(copy).toEqual(original);
    expect(copy.metadata.labels).not.toBe(original.metadata.labels);
    expect(copy.list[0]).not.toBe(original.list[0]);
  });

  test('leaves undefined fields out and keeps null', () => {
    expect(Object.keys(deepCopy({ a: undefined, b: null }))).toEqual(['b']);
  });

  test('copies a field named __proto__ without touching the prototype', () => {
    const copy = deepCopy(JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>);
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect((copy as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('deepCopySince', () => {
  const earlier = { metadata: { labels: { a: 'b' } }, list: [{ x: 1 }, { x: 2 }] };

  test('is the earlier copy if nothing differs', () => {
    expect(deepCopySince(deepCopy(earlier), earlier)).toBe(earlier);
    expect(deepCopySince({ ...deepCopy(earlier), more: undefined }, { ...earlier })).toEqual(earlier);
  });

  test('shares what is equal and copies the rest', () => {
    const value = { ...deepCopy(earlier), list: [{ x: 1 }, { x: 3 }], more: { y: 1 } };
    const copy = deepCopySince(value, { ...earlier, more: { y: 0 } });
    expect(copy).toEqual(value);
    expect(copy.metadata).toBe(earlier.metadata);
    expect(copy.list[0]).toBe(earlier.list[0]);
    expect(copy.list[1]).not.toBe(value.list[1]);
    expect(copy.more).not.toBe(value.more);
  });

  test.each<[name: string, value: unknown, earlier: unknown]>([
    ['a field that went', { a: 1 }, { a: 1, b: 2 }],
    ['a field that came', { a: 1, constructor: 2 }, { a: 1 }],
    ['an item that went', [{ a: 1 }], [{ a: 1 }, { a: 1 }]],
    ['an item that came', [{ a: 1 }, { a: 1 }], [{ a: 1 }]],
    ['a list for an object', { a: [] }, { a: {} }],
    ['null for an object', { a: null }, { a: {} }],
    ['an object for nothing', { a: {} }, undefined],
  ])('%s makes a difference', (_name, value, earlier) => {
    expect(deepCopySince(value, earlier)).toStrictEqual(value);
  });
});

describe('equality', () => {
  const cases: [unknown, unknown, deep: boolean, semantic: boolean][] = [
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true, true],
    [{ a: 1 }, { a: 1, b: undefined }, true, true],
    [{ a: 1 }, { a: 1, b: null }, false, true],
    [{ a: undefined }, { b: undefined }, true, true],
    [{ a: {} }, {}, false, true],
    [{ a: [] }, { a: null }, false, true],
    [[1, 2], [2, 1], false, false],
    [[1], { 0: 1 }, false, false],
    [{ a: 1 }, { b: 1 }, false, false],
    ['', undefined, false, false],
    [0, false, false, false],
    [{ a: [{ b: {} }] }, { a: [{}] }, false, true],
    [JSON.parse('{"__proto__":1}'), {}, false, false],
  ];
  test.each(cases)('%j and %j: deep %s, semantic %s', (a, b, deep, semantic) => {
    expect([deepEqual(a, b), deepEqual(b, a)]).toEqual([deep, deep]);
    expect([semanticEqual(a, b), semanticEqual(b, a)]).toEqual([semantic, semantic]);
  });

  test('of decoded objects, an empty structure is other than none', () => {
    expect(decodedEqual({ a: null, b: [] }, {})).toBe(true);
    expect(decodedEqual({ a: {} }, {})).toBe(false);
    expect(decodedEqual([{ a: {} }], [{ a: {} }])).toBe(true);
  });
});
