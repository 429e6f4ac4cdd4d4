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

/** bash's echo with -n, -e and -E. */
export const echo: Command = {
  name: 'echo',
  async run(args, io) {
    let newline = true;
    let escapes = false;
    let index = 0;
    for (; /^-[neE]+$/.test(args[index] ?? ''); index++) {
      if (args[index]!.includes('n')) newline = false;
      if (args[index]!.includes('e')) escapes = true;
      if (args[index]!.includes('E')) escapes = false;
    }
    const text = args.slice(index).join(' ');
    io.stdout(
      (escapes ? text.replace(/\\([abefnrtv\\])/g, (_, letter: string) => ESCAPES[letter]!) : text) +
        (newline ? '\n' : ''),
    );
    return 0;
  },
};
