import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { formatDate } from './date-format.ts';
import { parseDate } from './date-string.ts';

const OPTIONS = {
  date: { short: 'd', long: 'date', value: 'required' },
  iso: { short: 'I', long: 'iso-8601', value: 'attached' },
  email: { short: 'R', long: 'rfc-email' },
  rfc3339: { long: 'rfc-3339', value: 'required' },
  reference: { short: 'r', long: 'reference', value: 'required' },
  utc: { short: 'u', long: 'utc' },
  universal: { long: 'universal' },
} as const;

const PRECISIONS: Readonly<Record<string, string>> = {
  date: '',
  hours: '%H',
  minutes: '%H:%M',
  seconds: '%H:%M:%S',
  ns: '%H:%M:%S,%N',
};

/** GNU date in UTC: the simulated time, or the one that -d names. */
export const date: Command = {
  name: 'date',
  async run(args, io, { clock, machine, cwd }) {
    const parsed = getopt('date', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const fail = (message: string): number => {
      io.stderr(`date: ${message}\n`);
      return 1;
    };
    const [operand, extra] = operands;
    if (extra !== undefined) return fail(`extra operand ‘${extra}’\nTry 'date --help' for more information.`);
    if (operand !== undefined && !operand.startsWith('+')) return fail(`invalid date ‘${operand}’`);
    let time: number | undefined = clock.now();
    const text = options.get('date');
    const reference = options.get('reference');
    if (reference !== undefined) {
      try {
        time = machine.files.stat(machine.files.realPath(resolvePath(cwd, reference))).modified;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return fail(`${reference}: ${error.message}`);
      }
    } else if (text !== undefined) time = parseDate(text, time);
    if (time === undefined) return fail(`invalid date ‘${text}’`);
    let format = operand?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
    if (options.has('email')) format = '%a, %d %b %Y %H:%M:%S %z';
    const iso = options.get('iso') ?? options.get('rfc3339');
    if (iso !== undefined) {
      const precision = PRECISIONS[iso || 'date'];
      if (precision === undefined)
        return fail(`invalid argument ‘${iso}’ for ‘--${options.has('iso') ? 'iso-8601' : 'rfc-3339'}’`);
      const separator = options.has('iso') ? 'T' : ' ';
      format = precision === '' ? '%F' : `%F${separator}${precision}%:z`;
    }
    io.stdout(`${formatDate(new Date(time), format)}\n`);
    return 0;
  },
};
