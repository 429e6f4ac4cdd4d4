import type { Context } from '../../clock/context.ts';
import type { Editor } from '../command.ts';
import type { ShellSession } from '../session.ts';
import type { ShellProcess } from './shell-process.ts';

/** Where a command of a script runs. */
export interface CommandPlace {
  readonly session: ShellSession;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Context;
  readonly editor: Editor | undefined;
  /** The shell that starts it; missing: it is started by a program. */
  readonly shell?: ShellProcess;
  /** The process that it is, if it was started already; missing: it gets one. */
  readonly pid?: number;
  /** Told when its process is there; resolves when those of its whole pipeline are. */
  started?(): Promise<void>;
}
