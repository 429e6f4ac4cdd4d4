import { describe, expect, it } from 'vitest';
import { expandWord } from './expand.ts';
import { parseLine } from './parse.ts';
import { MemoryFileSystem } from '../node/memory-file-system.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { settle } from '../testing/settle.ts';

function files() {
  const system = new MemoryFileSystem(new VirtualClock({ start: 0, settle }));
  system.makeDirectory('/root');
  for (const name of ['a.yaml', 'b.yaml', 'c.txt', '.hidden.yaml']) system.write(`/root/${name}`, '');
  return system;
}

/** The commands of a line as "operator word|word". */
function commands(line: string): string[] {
  const parsed = parseLine(line);
  if (parsed.kind !== 'plain') return [parsed.kind];
  const variables: Record<string, string> = { name: 'web', words: 'one  two', empty: '' };
  const context = { variable: (key: string) => variables[key], home: '/root', cwd: '/root', files: files() };
  return parsed.commands.map(
    ({ operator, words }) => `${operator} ${words.flatMap((word) => expandWord(word, context)).join('|')}`,
  );
}

describe('parseLine', () => {
  it.each([
    ['words', 'kubectl get  pods', ['; kubectl|get|pods']],
    ['single quotes', "echo 'a $name  b'", ['; echo|a $name  b']],
    ['double quotes', 'echo "a $name  b"', ['; echo|a web  b']],
    ['quotes inside a word', `a"b c"'d e'f`, ['; ab cd ef']],
    ['empty quotes are a word', `echo '' "$empty" x`, ['; echo|||x']],
    ['an empty variable is no word', 'echo $empty x', ['; echo|x']],
    ['a variable splits', 'echo $words', ['; echo|one|two']],
    ['a quoted variable does not split', 'echo "$words"', ['; echo|one  two']],
    ['braces around a name', 'echo ${name}s', ['; echo|webs']],
    ['backslashes', 'echo a\\ b \\$name', ['; echo|a b|$name']],
    ['backslashes in double quotes', '"\\$name \\a"', ['; $name \\a']],
    ['a backslash at the end of a line', 'kubectl \\\nget', ['; kubectl|get']],
    ['comments', 'pwd # where', ['; pwd']],
    ['a hash inside a word', 'echo a#b', ['; echo|a#b']],
    ['lists', 'a && b || c; d', ['; a', '&& b', '|| c', '; d']],
    ['the home directory', 'ls ~ ~/x a~', ['; ls|/root|/root/x|a~']],
    ['patterns', 'ls *.yaml', ['; ls|a.yaml|b.yaml']],
    ['patterns of one character and of sets', 'ls [ab].ya?l', ['; ls|a.yaml|b.yaml']],
    ['a pattern that matches nothing', 'ls *.json', ['; ls|*.json']],
    ['a quoted pattern', "ls '*.yaml'", ['; ls|*.yaml']],
    [
      'a jsonpath',
      'get -o jsonpath={.items[*].metadata.name}',
      ['; get|-o|jsonpath={.items[*].metadata.name}'],
    ],
    ['nothing', '  ', []],
  ])('reads %s', (_, line, expected) => {
    expect(commands(line)).toEqual(expected);
  });

  it.each([
    ['a pipe', 'a | b'],
    ['a redirection', 'a > b'],
    ['a job', 'a &'],
    ['a substitution', 'echo $(pwd)'],
    ['backquotes', 'echo `pwd`'],
    ['arithmetic', 'echo $((1+1))'],
    ['a subshell', '(a; b)'],
    ['a loop', 'for i in 1 2; do echo $i; done'],
    ['a condition', 'if a; then b; fi'],
    ['a group', '{ a; }'],
    ['brace expansion', 'echo {a,b}'],
    ['a here-document', 'cat <<EOF\na\nEOF'],
    ['special parameters', 'echo $1'],
    ['defaults', 'echo ${a:-b}'],
  ])('leaves %s to the full shell', (_, line) => {
    expect(commands(line)).toEqual(['grammar']);
  });

  it.each([
    ['an open quote', "echo 'a"],
    ['an open double quote', 'echo "a'],
    ['a here-document', 'cat <<EOF\na'],
    ['a loop', 'for i in 1 2\ndo'],
    ['a condition', 'if a; then'],
    ['a backslash', 'a \\'],
    ['a substitution', 'echo $(pwd'],
    ['an operator', 'a &&'],
    ['a pipe', 'a |'],
  ])('waits for the rest of %s', (_, line) => {
    expect(commands(line)).toEqual(['incomplete']);
  });
});
