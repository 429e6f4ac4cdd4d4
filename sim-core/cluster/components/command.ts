import { KeyPairError } from '../../crypto/tls/key-pair.ts';
import type { Program } from '../../node/program.ts';
import { klogLine } from './klog.ts';

/** A component cannot do what it was told: the process says why in its log and ends. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What klog.Fatal is called with: the process ends with 255. `where` is the file and line of upstream's that does so. */
export class FatalError extends Error {
  override readonly name = 'FatalError';
  readonly where: string;

  constructor(where: string, message: string) {
    super(message);
    this.where = where;
  }
}

/** The command line of a component makes no sense: the process says so before it has a log, and ends. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FATAL_EXIT = 255;

/**
 * A component's program, which may throw the errors above; what is wrong with a key pair is a {@link CommandError}, too.
 *
 * Models k8s.io/component-base/cli Run.
 */
export function command(run: Program): Program {
  return async (environment) => {
    try {
      return await run(environment);
    } catch (error) {
      if (error instanceof FatalError) {
        environment.stderr(klogLine(environment, 'F', error.where, error.message));
        return FATAL_EXIT;
      }
      if (error instanceof UsageError) environment.stderr(`Error: ${error.message}\n`);
      else if (error instanceof CommandError || error instanceof KeyPairError) {
        const message = `"command failed" err=${JSON.stringify(error.message)}`;
        environment.stderr(klogLine(environment, 'E', 'run.go:72', message));
      } else throw error;
      return 1;
    }
  };
}
