import { parseInterval } from '../commands/sleep.ts';
import type { Builtin } from '../builtin.ts';
import { quoteWord } from '../quote.ts';

const TIMED_OUT = 124;

/** `timeout DURATION command …`, in simulated time. */
export const timeout: Builtin = {
  name: 'timeout',
  async run(args, io, shell) {
    const operands = [...args];
    while (operands[0]?.startsWith('-') === true)
      operands.splice(0, /^(-s|-k|--signal|--kill-after)$/.test(operands[0]) ? 2 : 1);
    const [text, ...command] = operands;
    if (text === undefined || command.length === 0) {
      io.stderr("timeout: missing operand\nTry 'timeout --help' for more information.\n");
      return 125;
    }
    const interval = parseInterval(text);
    if (interval === undefined) {
      io.stderr(`timeout: invalid time interval '${text}'\nTry 'timeout --help' for more information.\n`);
      return 125;
    }
    const context = shell.context.child();
    let timedOut = false;
    const timer = shell.clock.schedule(interval, () => {
      timedOut = true;
      context.cancel();
    });
    const exit = await shell.run(command.map(quoteWord).join(' '), io, context);
    timer.cancel();
    return timedOut ? TIMED_OUT : exit;
  },
};
