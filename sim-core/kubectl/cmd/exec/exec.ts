import { errorOfResponse } from '../../../client-go/rest/response-error.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { fetchTarget, resolveTargets } from '../../resource/builder.ts';
import { objectPath } from '../../resource/helper.ts';
import { printRemoteCommand } from '../../util/remote-command.ts';
import { MAPPINGS } from '../create/mappings.ts';

/** Models pkg/cmd/exec; the streams are what the server makes of them. */
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
    const { factory, io } = invocation;
    if (args.length === 0 || dashAt === 0) throw new Error('pod, type/name or --filename must be specified');
    const command = args.slice(1);
    if (command.length === 0) throw new Error('you must specify at least one command for the container');
    if (dashAt !== 1)
      throw new Error(
        `exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples`,
      );
    const { targets } = await resolveTargets(invocation, [args[0]!], {
      allowEmptySelector: false,
      defaultResource: 'pods',
    });
    const [info] = await fetchTarget(invocation, targets[0]!, { chunkSize: 0 });
    const { object } = info!;
    const { name, namespace = '' } = object.metadata;
    const { phase = '' } = (object.status ?? {}) as { phase?: string };
    if (phase === 'Succeeded' || phase === 'Failed') {
      throw new Error(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    }
    const { containers } = object.spec as { containers: { name: string }[] };
    const container = flags.string('container') || containers[0]!.name;
    if (!containers.some((one) => one.name === container))
      throw new Error(`container ${container} not found in pod ${name}_${namespace}`);
    const base = objectPath(MAPPINGS.pod, namespace, name, {}, 'exec');
    const query = [
      ...command.map((word) => ['command', word]),
      ['container', container],
      ['stderr', 'true'],
      ['stdout', 'true'],
    ];
    if (flags.bool('stdin')) query.push(['stdin', 'true']);
    const path = `${base}?${query.map(([key, value]) => `${key}=${encodeURIComponent(value!)}`).join('&')}`;
    const response = await factory
      .client()
      .raw({ method: 'POST', path, ...(flags.bool('stdin') && { body: io.stdin }) });
    if (response.status >= 400) throw errorOfResponse(response);
    return printRemoteCommand(response, io);
  },
};
