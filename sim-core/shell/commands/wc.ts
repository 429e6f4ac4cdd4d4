import { utf8Length } from '../../node/file-content.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { ownInput } from '../text/inputs.ts';

const OPTIONS = {
  bytes: { short: 'c', long: 'bytes' },
  characters: { short: 'm', long: 'chars' },
  lines: { short: 'l', long: 'lines' },
  longest: { short: 'L', long: 'max-line-length' },
  words: { short: 'w', long: 'words' },
} as const;
/** In the order in which they are shown. */
const COUNTS = ['lines', 'words', 'characters', 'bytes', 'longest'] as const;
type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

const NOTHING: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
/** How wide a number is where a size is not known before. */
const WIDTH = 7;

/** GNU wc. */
export const wc: Command = {
  name: 'wc',
  async run(args, io, { machine, cwd, context }) {
    const parsed = getopt('wc', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const chosen = COUNTS.filter((name) => options.has(name));
    const shown = chosen.length > 0 ? chosen : (['lines', 'words', 'bytes'] as const);
    const counted: {
      readonly name: string | undefined;
      readonly counts: Counts;
      readonly isError?: boolean;
    }[] = [];
    let exit = 0;
    let size = 0;
    let isPiped = false;
    for (const name of operands.length === 0 ? [undefined] : operands) {
      try {
        if (name === undefined || name === '-') isPiped = true;
        const counter = new Counter();
        if (name !== undefined && name !== '-') counter.add(machine.files.read(resolvePath(cwd, name)));
        else {
          const input = ownInput(io, context);
          for (let text = await input.read(); text !== undefined; text = await input.read())
            counter.add(text);
        }
        const { counts } = counter;
        size += counts.bytes;
        counted.push({ name, counts });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`wc: ${name}: ${error.message}\n`);
        exit = 1;
        if (error.code === 'EISDIR') {
          isPiped = true;
          counted.push({ name, counts: NOTHING });
        }
      }
    }
    if (operands.length > 1) {
      const total = counted.reduce((sum, { counts }) => add(sum, counts), NOTHING);
      counted.push({ name: 'total', counts: total });
    }
    const one = shown.length === 1 && operands.length < 2;
    const width = one ? 1 : isPiped ? WIDTH : Math.max(1, String(size).length);
    for (const { name, counts } of counted) {
      const numbers = shown.map((what) => String(counts[what]).padStart(width)).join(' ');
      io.stdout(`${numbers}${name === undefined ? '' : ` ${name}`}\n`);
    }
    return exit;
  },
};

/** Counts a text that comes in pieces. */
class Counter {
  counts: Counts = NOTHING;
  #inWord = false;
  #column = 0;

  add(text: string): void {
    const lines = text.split('\n');
    let { longest } = this.counts;
    for (const [index, line] of lines.entries()) {
      this.#column = (index === 0 ? this.#column : 0) + [...line.replaceAll('\t', '        ')].length;
      longest = Math.max(longest, this.#column);
    }
    const words = text.match(/\S+/g)?.length ?? 0;
    // A word may go on from the piece before.
    const continues = this.#inWord && /^\S/.test(text);
    if (text !== '') this.#inWord = /\S$/.test(text);
    this.counts = add(this.counts, {
      lines: lines.length - 1,
      words: words - (continues ? 1 : 0),
      characters: [...text].length,
      bytes: utf8Length(text),
      longest,
    });
  }
}

function add(a: Counts, b: Counts): Counts {
  return {
    lines: a.lines + b.lines,
    words: a.words + b.words,
    characters: a.characters + b.characters,
    bytes: a.bytes + b.bytes,
    longest: Math.max(a.longest, b.longest),
  };
}
