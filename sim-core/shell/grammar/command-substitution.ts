import { PROGRAM_MEMORY } from '../../node/pipe.ts';
import { withDescriptor } from './descriptors.ts';
import { ExpansionProblem } from './leave.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Script, Word } from './syntax.ts';

/** `$(…)` of one shell. */
export class CommandSubstitution {
  readonly #shell: ShellProcess;
  /** Whether one gave the command that is expanded now its exit code. */
  used = false;

  constructor(shell: ShellProcess) {
    this.#shell = shell;
  }

  /** What a script writes; its exit code is the shell's last. */
  async output(script: Script): Promise<string> {
    const shell = this.#shell;
    let text = '';
    this.used = true;
    const context = shell.context.child();
    let isTooLong = false;
    const own = withDescriptor(shell.descriptors, 1, {
      write: (piece) => {
        if (!isTooLong) text += piece;
        isTooLong ||= text.length > PROGRAM_MEMORY;
        if (isTooLong) context.cancel('SIGPIPE');
      },
    });
    if (!(await shell.host.forks.begin(shell))) {
      shell.session.lastExit = 254;
      return '';
    }
    try {
      const fast = fileOf(script);
      if (fast !== undefined) return await shell.redirector.contents(fast);
      shell.session.lastExit = await shell.fork(own, { context }).run(script);
    } finally {
      shell.host.forks.end();
    }
    if (isTooLong) throw new ExpansionProblem('command substitution: cannot allocate memory');
    return text;
  }
}

/** `$(< file)` is the file's contents. */
function fileOf({ statements }: Script): Word | undefined {
  const command = statements[0]?.pipelines[0]?.commands[0];
  if (statements.length !== 1 || command?.type !== 'SimpleCommand') return undefined;
  const [redirection, ...more] = command.redirections;
  if (command.name !== null || redirection?.operator !== '<' || more.length > 0) return undefined;
  return redirection.target.type === 'Word' ? redirection.target : undefined;
}
