import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { fromByteString, toByteString } from '../grammar/utf8.ts';
import { withUnit } from '../text/count.ts';

const OPTIONS = {
  additional: { long: 'additional-suffix', value: 'required' },
  bytes: { short: 'b', long: 'bytes', value: 'required' },
  chunks: { short: 'n', long: 'number', value: 'required' },
  digits: { short: 'd' },
  length: { short: 'a', long: 'suffix-length', value: 'required' },
  lines: { short: 'l', long: 'lines', value: 'required' },
  verbose: { long: 'verbose' },
} as const;
const LINES = 1000;

/** GNU split, by lines (-l), by bytes (-b) or into so many pieces (-n). */
export const split: Command = {
  name: 'split',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt('split', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const fail = (message: string): number => {
      io.stderr(`split: ${message}\n`);
      return 1;
    };
    const [input = '-', prefix = 'x', extra] = operands;
    const hint = "\nTry 'split --help' for more information.";
    if (extra !== undefined) return fail(`extra operand ‘${extra}’${hint}`);
    const ways = (['lines', 'bytes', 'chunks'] as const).filter((way) => options.has(way));
    if (ways.length > 1) return fail(`cannot split in more than one way${hint}`);
    const [way = 'lines'] = ways;
    const given = options.get(way) ?? String(LINES);
    const count = withUnit(given);
    if (count === undefined || count.number === 0 || count.sign === '-') {
      const range = count?.number === 0 ? ': Numerical result out of range' : '';
      return fail(`invalid number of ${way}: ‘${given}’${range}`);
    }
    const length = Number(options.get('length') ?? 2);
    if (!Number.isInteger(length) || length < 1)
      return fail(`invalid suffix length: ‘${options.get('length')}’`);
    let text: string;
    try {
      text = input === '-' ? await io.stdin.readAll() : files.read(resolvePath(cwd, input));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return fail(
        error.code === 'EISDIR'
          ? `${input}: ${error.message}`
          : `cannot open '${input}' for reading: ${error.message}`,
      );
    }
    for (const [index, piece] of pieces(text, way, count.number).entries()) {
      const suffix = suffixOf(index, length, options.has('digits') ? '0123456789' : LETTERS);
      if (suffix === undefined) return fail('output file suffixes exhausted');
      const name = `${prefix}${suffix}${options.get('additional') ?? ''}`;
      if (options.has('verbose')) io.stdout(`creating file '${name}'\n`);
      try {
        files.write(resolvePath(cwd, name), piece);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return fail(`${name}: ${error.message}`);
      }
    }
    return 0;
  },
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function pieces(text: string, way: 'lines' | 'bytes' | 'chunks', count: number): string[] {
  if (way === 'lines') {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    return Array.from({ length: Math.ceil(lines.length / count) }, (_, index) =>
      lines.slice(index * count, (index + 1) * count).join(''),
    );
  }
  const bytes = toByteString(text);
  if (way === 'bytes')
    return Array.from({ length: Math.ceil(bytes.length / count) }, (_, index) =>
      fromByteString(bytes.slice(index * count, (index + 1) * count)),
    );
  // The last one takes what is left.
  const size = Math.floor(bytes.length / count);
  return Array.from({ length: count }, (_, index) =>
    fromByteString(bytes.slice(index * size, index === count - 1 ? undefined : (index + 1) * size)),
  );
}

/** "aa", "ab" and so on; undefined where there are no more of that length. */
function suffixOf(index: number, length: number, digits: string): string | undefined {
  let suffix = '';
  for (let rest = index; suffix.length < length; rest = Math.floor(rest / digits.length))
    suffix = digits[rest % digits.length]! + suffix;
  return index < digits.length ** length ? suffix : undefined;
}
