import type { Command } from '../command.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** What bash's echo writes, with -n, -e and -E. */
export function echoText(args: readonly string[]): string {
  let newline = true;
  let escapes = false;
  let index = 0;
  for (; /^-[neE]+$/.test(args[index] ?? ''); index++) {
    if (args[index]!.includes('n')) newline = false;
    if (args[index]!.includes('e')) escapes = true;
    if (args[index]!.includes('E')) escapes = false;
  }
  const text = args.slice(index).join(' ');
  return (
    (escapes ? text.replace(/\\([abefnrtv\\])/g, (_, letter: string) => ESCAPES[letter]!) : text) +
    (newline ? '\n' : '')
  );
}

export const echo: Command = {
  name: 'echo',
  async run(args, io) {
    io.stdout(echoText(args));
    return 0;
  },
};
