import { createInterface } from 'node:readline';
import { Context } from '../clock/context.ts';
import { hostEditor } from './host-editor.ts';
import type { Lab } from './lab.ts';
import { RealTimeDriver } from './real-time-driver.ts';

const GREEN = '\x1b[1;32m';
const BLUE = '\x1b[1;34m';
const RED = '\x1b[31m';
const RESET = '\x1b[0m';
const LEAVING = /^\s*(exit|logout)\b/;
/** What a terminal shell exits with after Ctrl-D. */
const FAREWELL = 'exit\n';

/**
 * A terminal for people: prompt, history, colours, Ctrl-C for the running command, Ctrl-D to leave.
 * Simulated time follows the machine's clock.
 */
export async function runInteractiveShell(
  { clock, shell }: Lab,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<void> {
  const colours = output.isTTY && process.env.NO_COLOR === undefined;
  const terminal = createInterface({
    input,
    output,
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
      shell.complete(line, line.length).then(
        ({ from, candidates }) => done(null, [finished(candidates), line.slice(from)]),
        (error: Error) => done(error, [[], line]),
      );
    },
  });
  const driver = new RealTimeDriver(clock);
  driver.start();
  let running: Context | undefined;
  terminal.on('SIGINT', () => {
    if (running !== undefined) {
      output.write('^C\n');
      running.cancel();
      return;
    }
    output.write('^C\n');
    terminal.write(null, { ctrl: true, name: 'u' });
    terminal.prompt();
  });
  const prompt = () => {
    terminal.setPrompt(colours ? coloured(shell.prompt()) : shell.prompt());
    terminal.prompt();
  };
  prompt();
  try {
    for await (const line of terminal) {
      running = new Context();
      const before = shell.prompt();
      await shell.run(line, {
        context: running,
        ...(input.isTTY && { editor: hostEditor() }),
        onOutput: (stream, text) => {
          if (stream === 'stdout') output.write(text);
          else output.write(colours ? RED + text + RESET : text);
        },
      });
      running = undefined;
      // In a session that ssh opened, exit leads back to where it came from.
      if (LEAVING.test(line) && shell.prompt() === before) return;
      prompt();
    }
    output.write(FAREWELL);
  } finally {
    await driver.stop();
  }
}

/** A single candidate is followed by a space, unless more of the word may come. */
function finished(candidates: readonly string[]): string[] {
  const [only, another] = candidates;
  return only !== undefined && another === undefined && !/[/=]$/.test(only) ? [`${only} `] : [...candidates];
}

/** The prompt as Ubuntu colours it: who and where, then the directory. */
function coloured(prompt: string): string {
  const match = /^([^:]+):(.*)([#$]) $/.exec(prompt);
  return match === null ? prompt : `${GREEN}${match[1]}${RESET}:${BLUE}${match[2]}${RESET}${match[3]} `;
}
