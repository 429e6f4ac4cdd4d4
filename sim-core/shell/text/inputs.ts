import type { Context } from '../../clock/context.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput } from '../../node/pipe.ts';
import type { CommandEnvironment, CommandIo } from '../command.ts';

/** A file that a command was given, or what it reads instead. */
export interface NamedInput {
  /** As it was named; "-" for the command's own input. */
  readonly name: string;
  readonly input: LineInput;
}

/** A line without its end, and whether it has one. */
export interface Line {
  readonly text: string;
  readonly complete: boolean;
}

/**
 * Opens one after another what `operands` name; "-", or no operand at all, is the command's own input. What cannot be
 * opened is told to `onError` in the C library's words and left out.
 */
export function* openInputs(
  operands: readonly string[],
  io: CommandIo,
  { machine, cwd, context }: Pick<CommandEnvironment, 'machine' | 'cwd' | 'context'>,
  onError: (name: string, message: string) => void,
): Generator<NamedInput> {
  for (const name of operands.length === 0 ? ['-'] : operands) {
    if (name === '-') {
      yield { name, input: ownInput(io, context) };
      continue;
    }
    try {
      const stdin = new LineInput(machine.files.open(resolvePath(cwd, name)));
      yield { name, input: ownInput({ stdin }, context) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      onError(name, error.message);
    }
  }
}

/** What a command reads; it ends when the command is cancelled, as it is when nobody reads what it says. */
export function ownInput({ stdin }: Pick<CommandIo, 'stdin'>, context: Context): LineInput {
  const cancelled = new Promise<undefined>((resolve) => context.onCancel(() => resolve(undefined)));
  return new LineInput({ read: () => Promise.race([stdin.read(), cancelled]) });
}

/** The lines of an input, one at a time, as they come. */
export async function* linesOf(input: LineInput, separator = '\n'): AsyncGenerator<Line> {
  for (;;) {
    const { line, complete } = await input.readUntil(separator);
    if (!complete && line === '') return;
    yield { text: line, complete };
    if (!complete) return;
  }
}

/** All lines of all inputs, their ends left out. */
export async function allLines(inputs: Iterable<NamedInput>, separator = '\n'): Promise<string[]> {
  const lines: string[] = [];
  for (const { input } of inputs) {
    const text = await input.readAll();
    if (text === '') continue;
    const own = text.split(separator);
    if (own.at(-1) === '') own.pop();
    for (const line of own) lines.push(line);
  }
  return lines;
}
