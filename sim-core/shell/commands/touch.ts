import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { parseDate } from './date-string.ts';

const OPTIONS = {
  access: { short: 'a' },
  noCreate: { short: 'c', long: 'no-create' },
  date: { short: 'd', long: 'date', value: 'required' },
  modified: { short: 'm' },
  reference: { short: 'r', long: 'reference', value: 'required' },
} as const;

/** GNU touch, in simulated time. */
export const touch: Command = {
  name: 'touch',
  async run(args, io, { machine: { files }, cwd, clock }) {
    const parsed = getopt('touch', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    if (operands.length === 0) {
      io.stderr("touch: missing file operand\nTry 'touch --help' for more information.\n");
      return 1;
    }
    let time: number | undefined;
    const [date, reference] = [options.get('date'), options.get('reference')];
    if (date !== undefined) {
      time = parseDate(date, clock.now());
      if (time === undefined) {
        io.stderr(`touch: invalid date format ‘${date}’\n`);
        return 1;
      }
    }
    if (reference !== undefined) {
      const path = resolvePath(cwd, reference);
      if (!files.exists(path)) {
        io.stderr(`touch: failed to get attributes of '${reference}': No such file or directory\n`);
        return 1;
      }
      time = files.stat(files.realPath(path)).modified;
    }
    let exit = 0;
    for (const operand of operands) {
      const path = resolvePath(cwd, operand);
      if (options.has('noCreate') && !files.exists(path)) continue;
      try {
        files.touch(path, time);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`touch: cannot touch '${operand}': ${error.message}\n`);
        exit = 1;
      }
    }
    return exit;
  },
};
