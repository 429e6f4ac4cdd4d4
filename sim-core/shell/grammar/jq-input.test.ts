import { expect, it } from 'vitest';
import { readJqInput } from './jq-input.ts';

// What jq says of them, but for its name.
it.each([
  ['{"a":1\n', [], 'Unfinished JSON term at EOF at line 2, column 0'],
  ['{a:1}\n', [], 'Invalid numeric literal at line 1, column 3'],
  ['nope\n', [], 'Invalid literal at line 2, column 0'],
  ['1 2 x\n', [1, 3], 'Invalid numeric literal at line 2, column 0'],
  ['{"a":1,}\n', [], 'Expected another key-value pair at line 1, column 8'],
  ['[1,]\n', [], 'Expected another array element at line 1, column 4'],
  ['{"a" 1}\n', [], 'Expected separator between values at line 1, column 7'],
  ['{"a"}\n', [], 'Objects must consist of key:value pairs at line 1, column 5'],
  ['{1:2}\n', [], 'Object keys must be strings at line 1, column 3'],
  ['{"a":1}}\n', [7], "Unmatched '}' at line 1, column 8"],
  ['"abc\n', [], 'Unfinished string at EOF at line 2, column 0'],
  ['{,}\n', [], "Expected value before ',' at line 1, column 2"],
  ['[:]\n', [], "Expected string key before ':' at line 1, column 2"],
  ['{"a":"b":"c"}\n', [], "':' not as part of an object at line 1, column 9"],
  ['{"가":[1,{"b":null}],"c":"\\"}"} true\n-1.5e3', [30, 35, 42], undefined],
  ['', [], undefined],
])('reads %j', (text, ends, fault) => {
  expect(readJqInput(text)).toEqual({ ends, fault });
});
