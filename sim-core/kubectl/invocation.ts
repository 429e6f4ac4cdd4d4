import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import type { CommandDefinition } from './cobra/command.ts';
import type { FlagSet } from './cobra/flags.ts';
import type { Factory } from './factory.ts';

/** One run of kubectl: what a verb works with. */
export interface Invocation {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
  readonly flags: FlagSet;
  /** "kubectl get". */
  readonly commandPath: string;
  readonly command: CommandDefinition;
  readonly root: CommandDefinition;
  /** How many of the arguments stood before `--`; -1 without one. */
  readonly dashAt: number;
  readonly factory: Factory;
}
