import type { Context } from '../../clock/context.ts';
import { LineInput, Pipe } from '../../node/pipe.ts';
import { Barrier } from './barrier.ts';
import { type Output, outputOf, withDescriptor } from './descriptors.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Pipeline } from './syntax.ts';

/** Runs `[time] [!] command | command …`; gives its exit code. */
export async function runPipeline(shell: ShellProcess, pipeline: Pipeline): Promise<number> {
  const { commands, negated, timed } = pipeline;
  const started = shell.host.clock.now();
  const run = () => (commands.length === 1 ? shell.command(commands[0]!) : runPiped(shell, pipeline));
  const status = await (negated ? shell.tested(run) : run());
  if (commands.length === 1) shell.session.pipeStatus = [status];
  if (timed === true) sayTime(shell, shell.host.clock.now() - started, pipeline.timePosix === true);
  return negated ? Number(status === 0) : status;
}

function sayTime({ descriptors }: ShellProcess, milliseconds: number, posix: boolean): void {
  const seconds = milliseconds / 1000;
  const shown = `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
  outputOf(descriptors, 2).write(
    posix
      ? `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
      : `\nreal\t${shown}\nuser\t0m0.000s\nsys\t0m0.000s\n`,
  );
}

/** Runs the commands of a pipeline at the same time; a reader that ends ends its writer. */
async function runPiped(shell: ShellProcess, { commands, pipeStderr }: Pipeline): Promise<number> {
  const { descriptors } = shell;
  const barrier = new Barrier(commands.length);
  const pipes = commands.slice(1).map(() => new Pipe());
  const ended = shell.context.onCancel(() => pipes.forEach((pipe) => pipe.end()));
  const running = commands.map(async (command, index) => {
    const [from, to] = [pipes[index - 1], pipes[index]];
    const context = shell.context.child();
    let own = from === undefined ? descriptors : withDescriptor(descriptors, 0, new LineInput(from));
    if (to !== undefined) {
      const output = pipeOutput(to, context);
      own = withDescriptor(own, 1, output);
      if (pipeStderr?.[index] === true) own = withDescriptor(own, 2, output);
      // A program that waits would find out when it writes next; nobody has to wait for that.
      if (command.type === 'SimpleCommand') to.onAbandon(() => context.cancel('SIGPIPE'));
    }
    if (!(await shell.host.forks.begin(shell))) {
      barrier.arrive();
      to?.end();
      from?.abandon();
      return 254;
    }
    const forked = shell.fork(own, { context, barrier });
    try {
      const isSimple = command.type === 'SimpleCommand';
      if (!isSimple) barrier.arrive();
      return await forked.whole(() => forked.command(command));
    } finally {
      shell.host.forks.end();
      barrier.arrive(forked);
      to?.end();
      from?.abandon();
    }
  });
  const statuses = await Promise.all(running);
  ended();
  shell.session.pipeStatus = statuses;
  const failed = shell.session.options.has('pipefail')
    ? statuses.findLast((status) => status !== 0)
    : undefined;
  return failed ?? statuses.at(-1)!;
}

function pipeOutput(pipe: Pipe, context: Context): Output {
  return {
    write(text) {
      if (pipe.abandoned) context.cancel('SIGPIPE');
      else pipe.write(text);
    },
    drained: () => pipe.drained(),
  };
}
