import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { CommandResult } from '../shell/command.ts';
import type { Lab } from './lab.ts';
import { runPatiently } from './patience.ts';

/** One line of input: `{"run": "kubectl get nodes", "stdin": ""}`. */
interface Request {
  readonly run: string;
  readonly stdin: string;
}

/**
 * Answers requests, one JSON object a line, in order, until the input ends. Simulated time passes
 * while a command waits for it, and for what is due at once after it; never in step with real time.
 */
export async function runJsonShell(lab: Lab, input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const { stdout, stderr, exit } = await answer(lab, line);
    output.write(`${JSON.stringify({ stdout, stderr, exit })}\n`);
  }
}

async function answer({ clock, shell }: Lab, line: string): Promise<CommandResult> {
  const request = parseRequest(line);
  if (typeof request === 'string') return { stdout: '', stderr: `${request}\n`, exit: 2 };
  try {
    const result = await runPatiently(clock, (context) =>
      shell.run(request.run, { stdin: request.stdin, context }),
    );
    await clock.advance(0);
    return result;
  } catch (error) {
    return { stdout: '', stderr: `${error instanceof Error ? error.message : String(error)}\n`, exit: 1 };
  }
}

/** The request, or what is wrong with it. */
function parseRequest(line: string): Request | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not a JSON object: ${(error as Error).message}`;
  }
  const { run, stdin = '' } = (value ?? {}) as { run?: unknown; stdin?: unknown };
  if (typeof run !== 'string') return 'the field "run" must be a text';
  if (typeof stdin !== 'string') return 'the field "stdin" must be a text';
  return { run, stdin };
}
