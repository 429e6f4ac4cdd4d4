import type { FileStat } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { diskSize } from '../text/disk-size.ts';
import { modeText } from '../text/mode.ts';

const OPTIONS = {
  dereference: { short: 'L', long: 'dereference' },
  format: { short: 'c', long: 'format', value: 'required' },
  printf: { long: 'printf', value: 'required' },
} as const;

/** What %n and %N name, and what lies there. */
interface Shown {
  readonly name: string;
  readonly target: string | undefined;
  readonly stat: FileStat;
}

/** GNU stat. Times of access and change are that of the last write: files of the simulation keep no other. */
export const stat: Command = {
  name: 'stat',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt('stat', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    if (operands.length === 0) {
      io.stderr("stat: missing operand\nTry 'stat --help' for more information.\n");
      return 1;
    }
    let exit = 0;
    for (const name of operands) {
      const path = resolvePath(cwd, name);
      try {
        const found = files.stat(options.has('dereference') ? files.realPath(path) : path);
        const target = found.type === 'symlink' ? files.readLink(path) : undefined;
        const shown = { name, target, stat: found };
        const [format, printf] = [options.get('format'), options.get('printf')];
        if (printf !== undefined) io.stdout(formatted(escapes(printf), shown));
        else io.stdout(format === undefined ? report(shown) : `${formatted(format, shown)}\n`);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`stat: cannot statx '${name}': ${error.message}\n`);
        exit = 1;
      }
    }
    return exit;
  },
};

/** The numbers of the users that images and machines have. */
const UIDS: Readonly<Record<string, string>> = { root: '0', nobody: '65534', nogroup: '65534' };

const kindOf = ({ type, size }: FileStat): string =>
  ({
    file: size === 0 ? 'regular empty file' : 'regular file',
    directory: 'directory',
    symlink: 'symbolic link',
    device: 'character special file',
  })[type];
const timeText = (time: number): string =>
  `${new Date(time).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
const octal = ({ mode }: FileStat): string => mode.toString(8);

const FIELDS: Readonly<Record<string, (shown: Shown) => string>> = {
  a: ({ stat: own }) => octal(own),
  A: ({ stat: own }) => modeText(own),
  b: ({ stat: own }) => String(diskSize(own) * 2),
  B: () => '512',
  F: ({ stat: own }) => kindOf(own),
  g: ({ stat: { group } }) => UIDS[group] ?? group,
  G: ({ stat: { group } }) => group,
  h: () => '1',
  n: ({ name }) => name,
  N: ({ name, target }) => (target === undefined ? `'${name}'` : `'${name}' -> '${target}'`),
  s: ({ stat: { size } }) => String(size),
  u: ({ stat: { owner } }) => UIDS[owner] ?? owner,
  U: ({ stat: { owner } }) => owner,
  ...Object.fromEntries(
    ['x', 'y', 'z', 'w'].map((letter) => [letter, ({ stat: own }: Shown) => timeText(own.modified)]),
  ),
  ...Object.fromEntries(
    ['X', 'Y', 'Z', 'W'].map((letter) => [
      letter,
      ({ stat: own }: Shown) => String(Math.floor(own.modified / 1000)),
    ]),
  ),
};

function formatted(format: string, shown: Shown): string {
  return format.replaceAll(/%(.)/gs, (whole, letter: string) =>
    letter === '%' ? '%' : (FIELDS[letter]?.(shown) ?? whole),
  );
}

function escapes(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };
  return text.replaceAll(/\\(.)/gs, (whole, letter: string) => known[letter] ?? whole);
}

function report(shown: Shown): string {
  const { name, target, stat: own } = shown;
  const field = (letter: string) => FIELDS[letter]!(shown);
  return [
    `  File: ${target === undefined ? name : `${name} -> ${target}`}`,
    `  Size: ${field('s').padEnd(10)}\tBlocks: ${field('b').padEnd(10)} IO Block: 4096   ${kindOf(own)}`,
    `Access: (${octal(own).padStart(4, '0')}/${modeText(own)})  Uid: (${field('u').padStart(5)}/${own.owner.padStart(8)})   Gid: (${field('g').padStart(5)}/${own.group.padStart(8)})`,
    ...['Access', 'Modify', 'Change', ' Birth'].map((what) => `${what}: ${timeText(own.modified)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
