import type { FileSystem } from '../../node/file-system.ts';
import { usedMemoryKiB } from '../../node/process-table.ts';
import { DISK_KIB } from '../../node/simulated-machine.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { alignedLines } from '../text/columns.ts';
import { diskSize, humanSize } from '../text/disk-size.ts';

function sizeBelow(files: FileSystem, path: string): number {
  const own = files.stat(path);
  const inner = own.type === 'directory' ? files.list(path) : [];
  return inner.reduce(
    (sum, name) => sum + sizeBelow(files, path === '/' ? `/${name}` : `${path}/${name}`),
    diskSize(own),
  );
}

/** GNU df: a machine has one disk. */
export const df: Command = {
  name: 'df',
  async run(args, io, { machine: { files } }) {
    const parsed = getopt(
      'df',
      args,
      {
        all: { short: 'a', long: 'all' },
        human: { short: 'h', long: 'human-readable' },
        kilobytes: { short: 'k' },
        megabytes: { short: 'm' },
        type: { short: 'T', long: 'print-type' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const used = sizeBelow(files, '/');
    const [unit, head] = options.has('human')
      ? ([undefined, 'Size'] as const)
      : options.has('megabytes')
        ? ([1024, '1M-blocks'] as const)
        : ([1, '1K-blocks'] as const);
    const sizeText = (kib: number) =>
      unit === undefined ? humanSize(kib * 1024) : String(Math.ceil(kib / unit));
    const withType = options.has('type');
    const rows = [
      [
        'Filesystem',
        ...(withType ? ['Type'] : []),
        head,
        'Used',
        ...[unit === undefined ? 'Avail' : 'Available', 'Use%', 'Mounted on'],
      ],
      [
        '/dev/vda1',
        ...(withType ? ['ext4'] : []),
        ...[DISK_KIB, used, DISK_KIB - used].map(sizeText),
        ...[`${Math.ceil((used * 100) / DISK_KIB)}%`, '/'],
      ],
    ];
    const first = withType ? 2 : 1;
    const last = rows[0]!.length - 1;
    const isRight = (column: number) => column >= first && column < last;
    for (const line of alignedLines(rows, isRight)) io.stdout(`${line}\n`);
    return 0;
  },
};

/** procps-ng free. Memory is what processes hold; the simulation has no page cache. */
export const free: Command = {
  name: 'free',
  async run(args, io, { machine }) {
    const parsed = getopt(
      'free',
      args,
      {
        bytes: { short: 'b', long: 'bytes' },
        kibi: { short: 'k', long: 'kibi' },
        mebi: { short: 'm', long: 'mebi' },
        gibi: { short: 'g', long: 'gibi' },
        human: { short: 'h', long: 'human' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const sizeText = (kib: number): string => {
      if (options.has('human')) return kib === 0 ? '0B' : `${humanSize(kib * 1024)}i`;
      if (options.has('bytes')) return String(kib * 1024);
      return String(Math.floor(kib / (options.has('mebi') ? 1024 : options.has('gibi') ? 1024 ** 2 : 1)));
    };
    const used = usedMemoryKiB(machine.processes.list());
    const left = machine.memoryKiB - used;
    const line = (title: string, cells: readonly string[]) =>
      io.stdout(`${title.padEnd(8)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
    line('', ['total', 'used', 'free', 'shared', 'buff/cache', 'available']);
    line('Mem:', [machine.memoryKiB, used, left, 0, 0, left].map(sizeText));
    line('Swap:', [0, 0, 0].map(sizeText));
    return 0;
  },
};
