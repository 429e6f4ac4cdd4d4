import { FileError, type FileStat, type FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { diskSize, humanSize } from '../text/disk-size.ts';
import { modeText } from '../text/mode.ts';

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
}

interface Style {
  readonly long: boolean;
  readonly human: boolean;
  readonly classify: boolean;
  readonly now: number;
}

const HALF_YEAR = 15_778_476_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** GNU ls, one entry a line as when its output is no terminal. */
export const ls: Command = {
  name: 'ls',
  async run(args, io, { machine: { files }, cwd, clock }) {
    const parsed = getopt(
      'ls',
      args,
      {
        all: { short: 'a', long: 'all' },
        almostAll: { short: 'A', long: 'almost-all' },
        columns: { short: 'C' },
        color: { long: 'color', value: 'optional' },
        directory: { short: 'd', long: 'directory' },
        classify: { short: 'F', long: 'classify', value: 'optional' },
        human: { short: 'h', long: 'human-readable' },
        long: { short: 'l' },
        one: { short: '1' },
        recursive: { short: 'R', long: 'recursive' },
        reverse: { short: 'r', long: 'reverse' },
        size: { short: 'S' },
        time: { short: 't' },
      },
      io,
    );
    if (parsed === undefined) return 2;
    const { options, operands } = parsed;
    const style: Style = {
      long: options.has('long'),
      human: options.has('human'),
      classify: options.has('classify'),
      now: clock.now(),
    };
    const sorted = (entries: Entry[]): Entry[] => {
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      if (options.has('size')) entries.sort((a, b) => b.stat.size - a.stat.size);
      if (options.has('time')) entries.sort((a, b) => b.stat.modified - a.stat.modified);
      return options.has('reverse') ? entries.reverse() : entries;
    };
    const entriesOf = (path: string): Entry[] => {
      const names = files
        .list(path)
        .filter((name) => options.has('all') || options.has('almostAll') || !name.startsWith('.'));
      const shown = options.has('all') ? ['.', '..', ...names] : names;
      return sorted(shown.map((name) => entryAt(files, name, resolvePath(path, name))));
    };

    let exit = 0;
    const single: Entry[] = [];
    const directories: Entry[] = [];
    for (const operand of operands.length === 0 ? ['.'] : operands) {
      const path = resolvePath(cwd, operand);
      try {
        const entry = entryAt(files, operand, path);
        const followed =
          style.long || entry.stat.type !== 'symlink' ? entry.stat : files.stat(files.realPath(path));
        const asDirectory = followed.type === 'directory' && !options.has('directory');
        (asDirectory ? directories : single).push(entry);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`ls: cannot access '${operand}': ${error.message}\n`);
        exit = 2;
      }
    }
    const blocks: string[] = [];
    if (single.length > 0) blocks.push(format(sorted(single), style, files));
    const withTitle = operands.length > 1 || options.has('recursive');
    const show = (directory: Entry): void => {
      const entries = entriesOf(directory.path);
      const total = style.long
        ? `total ${style.human ? humanSize(blocksOf(entries) * 1024) : blocksOf(entries)}\n`
        : '';
      blocks.push((withTitle ? `${directory.name}:\n` : '') + total + format(entries, style, files));
      if (!options.has('recursive')) return;
      for (const entry of entries) {
        if (entry.stat.type !== 'directory' || entry.name === '.' || entry.name === '..') continue;
        show({ ...entry, name: `${directory.name.replace(/\/$/, '')}/${entry.name}` });
      }
    };
    for (const directory of sorted(directories)) show(directory);
    io.stdout(blocks.join('\n'));
    return exit;
  },
};

function entryAt(files: FileSystem, name: string, path: string): Entry {
  return { name, path, stat: files.stat(path) };
}

function blocksOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { stat }) => sum + diskSize(stat), 0);
}

function format(entries: readonly Entry[], style: Style, files: FileSystem): string {
  const names = entries.map(({ name, stat, path }) => {
    const mark = style.classify ? classOf(stat) : '';
    return style.long && stat.type === 'symlink' ? `${name} -> ${files.readLink(path)}` : name + mark;
  });
  if (!style.long) return names.map((name) => `${name}\n`).join('');
  const rows = entries.map(({ stat, path }) => [
    modeText(stat),
    String(linkCount(stat, path, files)),
    stat.owner,
    stat.group,
    style.human ? humanSize(stat.size) : String(stat.size),
    timeText(stat.modified, style.now),
  ]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]!.length));
  const [links, owner, group, size] = [width(1), width(2), width(3), width(4)];
  return rows
    .map((row, index) =>
      [
        row[0],
        row[1]!.padStart(links!),
        row[2]!.padEnd(owner!),
        row[3]!.padEnd(group!),
        row[4]!.padStart(size!),
        row[5],
        names[index],
      ].join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function linkCount(stat: FileStat, path: string, files: FileSystem): number {
  if (stat.type !== 'directory') return 1;
  const inner = files.list(path).filter((name) => files.stat(resolvePath(path, name)).type === 'directory');
  return 2 + inner.length;
}

function classOf({ type, mode }: FileStat): string {
  if (type === 'directory') return '/';
  if (type === 'symlink') return '@';
  return (mode & 0o111) !== 0 ? '*' : '';
}

function timeText(modified: number, now: number): string {
  const time = new Date(modified);
  const day = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`;
  const two = (value: number) => String(value).padStart(2, '0');
  const recent = modified > now - HALF_YEAR && modified <= now;
  return recent
    ? `${day} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`
    : `${day}  ${time.getUTCFullYear()}`;
}
