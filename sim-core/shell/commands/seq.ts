import type { Command } from '../command.ts';

/** How many numbers are written at once. */
const BATCH = 1000;

/** GNU seq: `seq [-s SEPARATOR] [-w] [FIRST [STEP]] LAST`. */
export const seq: Command = {
  name: 'seq',
  async run(args, io, { context }) {
    const operands = [...args];
    let separator = '\n';
    let equalWidth = false;
    while (/^-[^\d.]/.test(operands[0] ?? '')) {
      const option = operands.shift()!;
      if (option === '-w' || option === '--equal-width') equalWidth = true;
      else if (option === '-s' || option === '--separator') separator = operands.shift() ?? '';
      else if (/^(?:-s|--separator=)/.test(option)) separator = option.replace(/^(?:-s|--separator=)/, '');
      else if (option === '--') break;
      else {
        io.stderr(`seq: invalid option -- '${option[1]}'\nTry 'seq --help' for more information.\n`);
        return 1;
      }
    }
    if (operands.length === 0 || operands.length > 3) {
      const problem = operands.length === 0 ? 'missing operand' : `extra operand ‘${operands[3]}’`;
      io.stderr(`seq: ${problem}\nTry 'seq --help' for more information.\n`);
      return 1;
    }
    const wrong = operands.find((text) => text.trim() === '' || !Number.isFinite(Number(text)));
    if (wrong !== undefined) {
      io.stderr(`seq: invalid floating point argument: ‘${wrong}’\nTry 'seq --help' for more information.\n`);
      return 1;
    }
    const last = Number(operands.at(-1));
    const first = operands.length > 1 ? Number(operands[0]) : 1;
    const step = operands.length === 3 ? Number(operands[1]) : 1;
    if (step === 0) {
      io.stderr(
        `seq: invalid Zero increment value: ‘${operands[1]}’\nTry 'seq --help' for more information.\n`,
      );
      return 1;
    }
    const digits = Math.max(...operands.map((text) => /\.(\d+)$/.exec(text)?.[1]!.length ?? 0));
    const width = equalWidth ? Math.max(first.toFixed(digits).length, last.toFixed(digits).length) : 0;
    const count = Math.max(0, Math.floor((last - first) / step + 1e-9) + 1);
    for (let from = 0; from < count && !context.cancelled; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) =>
        (first + (from + index) * step).toFixed(digits).padStart(width, '0'),
      );
      io.stdout(numbers.join(separator) + (from + BATCH < count ? separator : '\n'));
      await io.drained?.();
    }
    return 0;
  },
};
