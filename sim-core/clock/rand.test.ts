import { describe, expect, test } from 'vitest';
import { Rand } from './rand.ts';

describe('Rand', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    const draw = (seed: number) => {
      const rand = new Rand(seed);
      return Array.from({ length: 20 }, () => rand.uint32());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('spreads evenly over a small range', () => {
    const rand = new Rand('spread');
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 20_000; index++) counts[rand.int(10)]!++;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(250);
  });

  test('uuid is a version 4 UUID', () => {
    expect(new Rand(1).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test('hex spells the bytes that would have been drawn', () => {
    const bytes = new Rand(5).bytes(32);
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(new Rand(5).hex(32)).toBe(digits);
  });

  test('nameSuffix has five letters of the alphabet of generated names', () => {
    expect(new Rand(1).nameSuffix()).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('a fork does not share its numbers with its siblings', () => {
    const rand = new Rand(3);
    const [one, two] = [rand.fork('scheduler'), rand.fork('scheduler')];
    expect(one.uint32()).not.toBe(two.uint32());
  });
});
