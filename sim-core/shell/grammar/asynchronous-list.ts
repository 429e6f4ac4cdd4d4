import { Context } from '../../clock/context.ts';
import { textInput } from '../../node/pipe.ts';
import { withDescriptor } from './descriptors.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Statement } from './syntax.ts';

/** `… &`: a copy of the shell that nobody waits for but `wait`; it reads nothing. */
export async function runAsynchronously(shell: ShellProcess, statement: Statement): Promise<void> {
  const { session, host } = shell;
  await shell.tick();
  if (!(await host.forks.begin(shell))) {
    session.lastExit = 254;
    return;
  }
  const line = (statement.sourceText ?? '').replace(/&\s*$/, '').trim();
  const words = programWords(
    statement,
    (name) => host.isCommand(name) && !host.isBuiltin(name) && !shell.hasBuiltin(name),
  );
  const pid = session.machine.processes.start({
    user: session.user,
    command: words ?? ['-bash'],
    tty: 'pts/0',
    state: 'S',
    started: host.clock.now(),
    virtualSize: 7816,
    residentSize: 3412,
    cpuSeconds: 0,
  });
  // A job of the terminal goes on when the line that started it has ended.
  const context = shell.kind === 'login' ? new Context() : shell.context.child();
  const own = withDescriptor(shell.descriptors, 0, textInput(''));
  const forked = shell.fork(own, { context, ...(words !== undefined && { pid }) });
  const ended = forked
    .whole(() => forked.script([{ ...statement, background: false }]))
    .finally(() => {
      host.forks.end();
      session.machine.processes.end(pid);
    });
  host.jobs.add({ pid, line, context, ended });
  session.lastJob = pid;
  session.lastExit = 0;
}

/** The words of a statement that is one plain program; undefined if it is more. */
function programWords(
  { pipelines }: Statement,
  isProgram: (name: string) => boolean,
): readonly string[] | undefined {
  const [pipeline] = pipelines;
  const command =
    pipelines.length === 1 && pipeline!.commands.length === 1 ? pipeline!.commands[0]! : undefined;
  if (command?.type !== 'SimpleCommand' || command.name === null) return undefined;
  const words = [command.name, ...command.args].map(({ parts }) =>
    parts
      .map((part) => ('value' in part ? (part.value ?? '') : 'pattern' in part ? part.pattern : ''))
      .join(''),
  );
  return isProgram(String(words[0])) ? words.map(String) : undefined;
}
