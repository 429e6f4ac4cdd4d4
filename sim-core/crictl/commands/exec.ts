import { NO_INPUT } from '../../node/program.ts';
import type { CrictlCommand } from '../command.ts';
import { container } from '../finding.ts';
import { Fatal } from '../invocation.ts';

export const exec: CrictlCommand = {
  name: 'exec',
  usage: 'Run a command in a running container',
  operands: 'CONTAINER-ID COMMAND [ARG...]',
  options: {
    interactive: { short: 'i' },
    sync: { short: 's' },
    timeout: { value: true },
    tty: { short: 't' },
  },
  async run(invocation, { has, operands }) {
    const { io, environment, runtime } = invocation;
    const [id, ...command] = operands;
    if (id === undefined || command.length === 0)
      throw new Fatal('"crictl exec" requires at least 2 arguments');
    const { id: full, state } = await container(invocation, id);
    if (state !== 'CONTAINER_RUNNING')
      throw new Fatal(
        `execing command in container: rpc error: code = Unknown desc = container is in ${state} state`,
      );
    const terminal = has('tty') && io.stdin.isTerminal;
    const streams = {
      stdin: has('interactive') ? { isTerminal: terminal, read: () => io.stdin.read() } : NO_INPUT,
      stdout: (said: string) => io.stdout(said),
      stderr: (said: string) => io.stderr(said),
    };
    if (terminal) io.stdin.setRaw(true);
    const exit = await runtime.exec(full, command, streams, environment.context).finally(() => {
      if (terminal) io.stdin.setRaw(false);
    });
    if (exit !== 0)
      io.stderr(`FATA[0000] execing command in container: command terminated with exit code ${exit}\n`);
    return exit === 0 ? 0 : 1;
  },
};
