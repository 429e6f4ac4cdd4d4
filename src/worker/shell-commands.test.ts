import { describe, expect, it } from 'vitest';
import { splitCommands } from './shell-commands.ts';

describe('splitCommands', () => {
  it.each([
    ['one line', 'kubectl get nodes', ['kubectl get nodes']],
    ['two lines', 'a b\nc d\n', ['a b', 'c d']],
    ['blank lines and comments', '\n# first\na # why\n\nb', ['a # why', 'b']],
    ['a continued line', 'kubectl run x \\\n  --image=y\nls', ['kubectl run x \\\n  --image=y', 'ls']],
    ['an open quote', "echo 'a\nb'\nc", ["echo 'a\nb'", 'c']],
    ['a quote in a comment', "a # it's\nb", ["a # it's", 'b']],
    ['a here-document', "cat <<'EOF' | x\n# a\nfor\nEOF\nb", ["cat <<'EOF' | x\n# a\nfor\nEOF", 'b']],
    ['a loop', 'for i in 1 2\ndo\n  echo $i\ndone\nb', ['for i in 1 2\ndo\n  echo $i\ndone', 'b']],
    ['a loop in one line', 'for i in 1 2; do echo $i; done\nb', ['for i in 1 2; do echo $i; done', 'b']],
    ['a loop word that is an argument', 'echo for\nb', ['echo for', 'b']],
    ['Windows line ends', 'a\r\nb', ['a', 'b']],
  ])('cuts %s', (_name, text, commands) => {
    expect(splitCommands(text)).toEqual(commands);
  });
});
