import type { InputStream } from '../../node/program.ts';
import { NO_INPUT } from '../../node/program.ts';
import { LineInput } from '../../node/pipe.ts';
import type { CommandIo } from '../command.ts';

/** Where something is written. */
export interface Output {
  write(text: string): void;
  /** Resolves when the reader has caught up; missing: it always has. */
  readonly drained?: (() => Promise<void>) | undefined;
}

/** The open files of a command by number. */
export type Descriptors = ReadonlyMap<number, LineInput | Output>;

const NOWHERE: Output = { write: () => {} };

export function inputOf(descriptors: Descriptors, number = 0): LineInput {
  const found = descriptors.get(number);
  return found instanceof LineInput ? found : new LineInput(NO_INPUT);
}

export function outputOf(descriptors: Descriptors, number = 1): Output {
  const found = descriptors.get(number);
  return found === undefined || found instanceof LineInput ? NOWHERE : found;
}

export function descriptorsOf(io: CommandIo): Descriptors {
  return new Map<number, LineInput | Output>([
    [0, io.stdin],
    [1, { write: (text) => io.stdout(text), drained: io.drained && (() => io.drained!()) }],
    [2, { write: (text) => io.stderr(text) }],
  ]);
}

/** The descriptors as a program takes them. */
export function ioOf(descriptors: Descriptors): CommandIo {
  const [output, error] = [outputOf(descriptors), outputOf(descriptors, 2)];
  return {
    stdin: inputOf(descriptors),
    stdout: (text) => output.write(text),
    stderr: (text) => error.write(text),
    ...(output.drained !== undefined && { drained: output.drained }),
  };
}

export function withDescriptor(
  descriptors: Descriptors,
  number: number,
  file: InputStream | Output,
): Descriptors {
  const opened = 'read' in file && !(file instanceof LineInput) ? new LineInput(file) : file;
  return new Map(descriptors).set(number, opened as LineInput | Output);
}
