import type { Command } from '../command.ts';
import { unescape } from '../text/escapes.ts';

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
  if (!escapes) return text + (newline ? '\n' : '');
  const read = unescape(text, 'echo');
  return read.text + (newline && !read.cut ? '\n' : '');
}

export const echo: Command = {
  name: 'echo',
  async run(args, io) {
    io.stdout(echoText(args));
    return 0;
  },
};
