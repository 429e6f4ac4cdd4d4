import { expect, it } from 'vitest';
import { unescape } from './escapes.ts';

it.each([
  ['format', String.raw`\101\0101`, 'A\x081'],
  ['argument', String.raw`\101\0101`, 'AA'],
  ['echo', String.raw`\101\0101`, String.raw`\101A`],
  ['format', String.raw`\x41\u20ac\e`, 'A€\x1b'],
  ['format', String.raw`\xe2\x82\xac`, '€'],
  ['format', String.raw`\342\202\254`, '€'],
  ['format', String.raw`\377`, '\udcff'],
  ['format', String.raw`a\c b`, String.raw`a\c b`],
  ['format', String.raw`\"\q`, String.raw`"\q`],
  ['echo', String.raw`\"\\`, String.raw`\"${'\\'}`],
] as const)('%s %s', (reader, text, shown) => {
  expect(unescape(text, reader)).toEqual({ text: shown, cut: false });
});

it.each(['argument', 'echo'] as const)('\\c ends the text of %s', (reader) => {
  expect(unescape(String.raw`a\cb`, reader)).toEqual({ text: 'a', cut: true });
});
