import { expect, test } from 'vitest';
import { validateWindowsOptions } from './windows.ts';

test.each([
  ['ContainerUser', []],
  ['DOMAIN\\user', []],
  ['', ['runAsUserName cannot be an empty string']],
  ['a\tb', ['runAsUserName cannot contain control characters']],
  ['a\\b\\c', ['runAsUserName cannot contain more than one backslash']],
  ['a:b\\user', ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]],
  ['DOMAIN\\', ["runAsUserName's User cannot be empty"]],
  ['u'.repeat(105), ["runAsUserName's User length must not be longer than 104 characters"]],
  ['. .', ["runAsUserName's User cannot contain only periods or spaces"]],
  ['a/b', ['runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]']],
])('validateWindowsOptions: runAsUserName %j', (runAsUserName, want) => {
  expect(validateWindowsOptions({ runAsUserName }, 'w')).toEqual(
    want.map((detail) => expect.objectContaining({ field: 'w.runAsUserName', detail })),
  );
});
