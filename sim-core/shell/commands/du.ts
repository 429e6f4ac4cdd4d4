import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { diskSize, humanSize } from '../text/disk-size.ts';

const OPTIONS = {
  all: { short: 'a', long: 'all' },
  apparent: { long: 'apparent-size' },
  bytes: { short: 'b', long: 'bytes' },
  total: { short: 'c', long: 'total' },
  depth: { short: 'd', long: 'max-depth', value: 'required' },
  human: { short: 'h', long: 'human-readable' },
  kilobytes: { short: 'k' },
  megabytes: { short: 'm' },
  summarize: { short: 's', long: 'summarize' },
  oneFileSystem: { short: 'x', long: 'one-file-system' },
} as const;

/** GNU du. */
export const du: Command = {
  name: 'du',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt('du', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const fail = (message: string): number => {
      io.stderr(`du: ${message}\n`);
      return 1;
    };
    const hint = "\nTry 'du --help' for more information.";
    const depth = options.get('depth');
    if (depth !== undefined && !/^\d+$/.test(depth)) return fail(`invalid maximum depth ‘${depth}’${hint}`);
    if (options.has('summarize') && options.has('all'))
      return fail(`cannot both summarize and show all entries${hint}`);
    const most = options.has('summarize') ? 0 : Number(depth ?? Infinity);
    const isApparent = options.has('apparent') || options.has('bytes');
    const sizeText = (bytes: number): string => {
      if (options.has('human')) return humanSize(bytes);
      const unit = options.has('bytes') ? 1 : options.has('megabytes') ? 1024 ** 2 : 1024;
      return String(Math.ceil(bytes / unit));
    };
    let text = '';
    const say = (bytes: number, name: string) => void (text += `${sizeText(bytes)}\t${name}\n`);
    /** Says how much is at and below a path; gives it in bytes. */
    const measure = (path: string, name: string, level: number): number => {
      const stat = files.stat(path);
      const isDirectory = stat.type === 'directory';
      let bytes = isApparent ? stat.size : diskSize(stat) * 1024;
      if (isDirectory) {
        for (const inner of files.list(path))
          bytes += measure(`${path}/${inner}`, `${name.replace(/\/$/, '')}/${inner}`, level + 1);
      }
      if (level === 0 || (level <= most && (isDirectory || options.has('all')))) say(bytes, name);
      return bytes;
    };
    let exit = 0;
    let sum = 0;
    for (const name of operands.length === 0 ? ['.'] : operands) {
      try {
        sum += measure(resolvePath(cwd, name), name, 0);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        exit = fail(`cannot access '${name}': ${error.message}`);
      }
    }
    if (options.has('total')) say(sum, 'total');
    io.stdout(text);
    return exit;
  },
};
