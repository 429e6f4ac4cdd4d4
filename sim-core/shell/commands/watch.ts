import { LineInput } from '../../node/pipe.ts';
import { NO_INPUT } from '../../node/program.ts';
import type { Command } from '../command.ts';
import { quoteWord } from '../quote.ts';

const CLEAR = '\x1b[H\x1b[2J';

/** procps watch: runs a command again and again, in simulated time, until Ctrl-C. */
export const watch: Command = {
  name: 'watch',
  async run(args, io, { clock, context, execute, machine }) {
    const words = [...args];
    let seconds = 2;
    let title = true;
    let untilChanged = false;
    while (words[0]?.startsWith('-') === true) {
      const option = words.shift()!;
      const interval = /^(?:-n|--interval=?)(.*)$/.exec(option)?.[1];
      if (interval !== undefined) {
        const text = interval === '' ? (words.shift() ?? '') : interval;
        seconds = Number(text);
        if (text === '' || Number.isNaN(seconds)) {
          io.stderr(`watch: failed to parse argument: '${text}': Invalid argument\n`);
          return 1;
        }
      } else if (option === '-t' || option === '--no-title') title = false;
      else if (option === '-g' || option === '--chgexit') untilChanged = true;
    }
    if (words.length === 0) {
      io.stderr('\nUsage:\n watch [options] command\n');
      return 1;
    }
    // One word is a line of the shell, several are a command with its arguments.
    const line = words.length === 1 ? words[0]! : words.map(quoteWord).join(' ');
    let last: string | undefined;
    while (!context.cancelled) {
      let shown = '';
      const collect = (text: string) => void (shown += text);
      await execute(line, { stdin: new LineInput(NO_INPUT), stdout: collect, stderr: collect });
      const head = `Every ${seconds.toFixed(1)}s: ${words.join(' ')}`;
      const now = timeText(clock.now());
      io.stdout(`${CLEAR}${title ? `${head}    ${machine.hostname}: ${now}\n\n` : ''}${shown}`);
      if (untilChanged && last !== undefined && last !== shown) return 0;
      last = shown;
      await clock.sleep(Math.max(seconds, 0.1) * 1000, { context, periodic: true });
    }
    return 130;
  },
};

/** As ctime does: "Mon Nov 23 09:06:30 2026". */
function timeText(instant: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(instant)
    .toUTCString()
    .split(/,? /);
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
}
