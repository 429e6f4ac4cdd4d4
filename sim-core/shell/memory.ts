import { MemoryExhaustedError } from '../node/pipe.ts';
import type { CommandIo } from './command.ts';

const TROUBLE = 2;

/** The exit code of a program; one that wanted to hold too much says so and ends. */
export async function withinMemory(
  name: string,
  io: Pick<CommandIo, 'stderr'>,
  running: Promise<number>,
): Promise<number> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof MemoryExhaustedError)) throw error;
    io.stderr(`${name}: ${error.message}\n`);
    return TROUBLE;
  }
}
