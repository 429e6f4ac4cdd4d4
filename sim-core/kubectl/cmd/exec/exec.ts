import type { CommandDefinition } from '../../cobra/command.ts';
import { attachablePod } from '../../polymorphichelpers/attachable-pod.ts';
import { usageError } from '../../util/errors.ts';
import { containerOf, execute, terminalOf } from './streams.ts';

/** Models pkg/cmd/exec. */
export const exec: CommandDefinition = {
  name: 'exec',
  use: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]',
  short: 'Execute a command in a container',
  flags: [
    { name: 'container', shorthand: 'c', type: 'string' },
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s' },
    { name: 'quiet', shorthand: 'q', type: 'bool', default: 'false' },
    { name: 'stdin', shorthand: 'i', type: 'bool', default: 'false' },
    { name: 'tty', shorthand: 't', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, dashAt, flags }) {
    const { io, commandPath } = invocation;
    const filenames = flags.list('filename');
    const argument = dashAt === 0 ? undefined : args[0];
    const command = dashAt < 0 ? [] : args.slice(dashAt);
    if (dashAt < 0 && (args.length > 1 || (args.length > 0 && filenames.length > 0))) {
      throw usageError(
        commandPath,
        'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead',
      );
    }
    if (argument === undefined && filenames.length === 0)
      throw new Error('pod, type/name or --filename must be specified');
    if (command.length === 0) throw new Error('you must specify at least one command for the container');
    const timeout = flags.duration('pod-running-timeout');
    const { pod } = await attachablePod(invocation, argument, timeout, filenames);
    const { phase = '' } = (pod.status ?? {}) as { phase?: string };
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Error(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    const place = containerOf(invocation, pod, flags.string('container'), flags.bool('quiet'));
    return execute(invocation, place, command, { output: io, ...terminalOf(invocation, flags) });
  },
};
