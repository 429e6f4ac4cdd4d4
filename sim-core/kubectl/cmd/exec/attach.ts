import type { CommandDefinition } from '../../cobra/command.ts';
import { attachablePod } from '../../polymorphichelpers/attachable-pod.ts';
import { attachTo, type ContainerPlace, containerOf, sayFarewell, terminalOf } from './streams.ts';

/** Models pkg/cmd/attach. */
export const attach: CommandDefinition = {
  name: 'attach',
  use: '(POD | TYPE/NAME) -c CONTAINER [options]',
  short: 'Attach to a running container',
  flags: [
    { name: 'container', shorthand: 'c', type: 'string' },
    { name: 'detach-keys', type: 'string', default: 'ctrl-p,ctrl-q' },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s' },
    { name: 'quiet', shorthand: 'q', type: 'bool', default: 'false' },
    { name: 'stdin', shorthand: 'i', type: 'bool', default: 'false' },
    { name: 'tty', shorthand: 't', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, flags }) {
    const { io } = invocation;
    const [argument] = args;
    if (argument === undefined) throw new Error('at least 1 argument is required for attach');
    if (args.length > 2) {
      throw new Error(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      );
    }
    const name = args.length === 2 ? args.join('/') : argument;
    const { pod } = await attachablePod(invocation, name, flags.duration('pod-running-timeout'));
    const { phase = '' } = (pod.status ?? {}) as { phase?: string };
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Error(`cannot attach a container in a completed pod; current phase is ${phase}`);
    let place: ContainerPlace;
    try {
      place = containerOf(invocation, pod, flags.string('container'), flags.bool('quiet'));
    } catch (error) {
      throw new Error(`cannot attach to the container: ${(error as Error).message}`);
    }
    if (!flags.bool('quiet')) {
      io.stderr(
        "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
      );
    }
    const terminal = terminalOf(invocation, flags);
    const exit = await attachTo(invocation, place, { output: io, ...terminal });
    if (!flags.bool('quiet')) sayFarewell(invocation, pod, place, terminal.tty);
    return exit;
  },
};
