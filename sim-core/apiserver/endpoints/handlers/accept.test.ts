import { expect, test } from 'vitest';
import { parseAccept, routeAccepts } from './accept.ts';

const types = (header: string) => parseAccept(header).map(({ type, subtype }) => `${type}/${subtype}`);

test.each([
  ['text/html, application/json;q=0.9, */*;q=0.8', ['text/html', 'application/json', '*/*']],
  ['*/*, application/json', ['application/json', '*/*']],
  ['*', ['*/*']],
  ['nonsense, a/b/c, application/json', ['application/json']],
  ['application/json;q=x, application/yaml;q=0.1', ['application/yaml', 'application/json']],
])('parseAccept: the preferred clause comes first: %s', (header, want) => {
  expect(types(header)).toEqual(want);
});

test('parseAccept: parameters of a clause', () => {
  const [clause] = parseAccept('application/json;as=Table; v=v1 ;broken;q=0.5');
  expect([...clause!.parameters]).toEqual([
    ['as', 'Table'],
    ['v', 'v1'],
  ]);
  expect(clause!.quality).toBe(0.5);
});

test.each([
  ['application/json;q=0', true],
  ['text/html,*/*', true],
  ['application/*', false],
  ['Application/json', false],
])('routeAccepts: %s', (header, want) => {
  expect(routeAccepts(header, ['application/json'])).toBe(want);
});
