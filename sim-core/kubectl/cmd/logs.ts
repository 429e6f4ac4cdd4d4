import { isReason } from '../../apimachinery/status.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import { SELECTOR_FLAG } from '../genericclioptions/common-flags.ts';
import type { Invocation } from '../invocation.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { fetchTarget, resolveTargets } from '../resource/builder.ts';
import { Helper, objectPath } from '../resource/helper.ts';
import { noSelectorText } from '../polymorphichelpers/attachable-pod.ts';
import { usageError } from '../util/errors.ts';
import { MAPPINGS } from './create/mappings.ts';

interface LogSource {
  readonly pod: KubeObject;
  readonly container: string;
}

/** Models pkg/cmd/logs. */
export const logs: CommandDefinition = {
  name: 'logs',
  use: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]',
  short: 'Print the logs for a container in a pod',
  flags: [
    { name: 'all-containers', type: 'bool', default: 'false' },
    { name: 'all-pods', type: 'bool', default: 'false' },
    { name: 'container', shorthand: 'c', type: 'string' },
    { name: 'follow', shorthand: 'f', type: 'bool', default: 'false' },
    { name: 'ignore-errors', type: 'bool', default: 'false' },
    { name: 'insecure-skip-tls-verify-backend', type: 'bool', default: 'false' },
    { name: 'limit-bytes', type: 'int', default: '0' },
    { name: 'max-log-requests', type: 'int', default: '5' },
    { name: 'pod-running-timeout', type: 'duration', default: '20s' },
    { name: 'prefix', type: 'bool', default: 'false' },
    { name: 'previous', shorthand: 'p', type: 'bool', default: 'false' },
    SELECTOR_FLAG,
    { name: 'since', type: 'duration', default: '0s' },
    { name: 'since-time', type: 'string' },
    { name: 'tail', type: 'int', default: '-1' },
    { name: 'timestamps', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, flags }) {
    const { commandPath, factory } = invocation;
    const selector = flags.string('selector');
    if (args.length === 0 && selector === '') {
      throw usageError(
        commandPath,
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
      );
    }
    if (args.length > 0 && selector !== '')
      throw usageError(commandPath, 'only a selector (-l) or a POD name is allowed');
    if (args.length > 2) {
      throw usageError(
        commandPath,
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
      );
    }
    const sinceTime = flags.string('since-time');
    if (sinceTime !== '' && Number.isNaN(Date.parse(sinceTime)))
      throw new Error(
        `parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(sinceTime)} as "2006"`,
      );
    const { namespace } = factory.namespace();
    const pods =
      selector === ''
        ? await podsOf(invocation, args[0]!, namespace, flags.bool('all-pods'))
        : await podsBySelector(invocation, namespace, selector);
    if (pods.length === 0) invocation.io.stderr(`No resources found in ${namespace} namespace.\n`);
    validate(flags, args[1]);
    const sources = pods.flatMap((pod) =>
      sourcesOf(invocation, pod, args[1] ?? flags.string('container'), flags),
    );
    const limit = flags.number('max-log-requests');
    const together = flags.bool('follow') && sources.length > 1;
    if (together && sources.length > limit) {
      throw new Error(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      );
    }
    const show = (source: LogSource) => printLog(invocation, source, flags, selector !== '');
    if (together) await Promise.all(sources.map(show));
    else for (const source of sources) await show(source);
    return 0;
  },
};

/** What does not go together, in upstream's order. Models LogsOptions.Validate. */
function validate(flags: FlagSet, inlineContainer: string | undefined): void {
  if (flags.string('since-time') !== '' && flags.duration('since') !== 0)
    throw new Error('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const container = inlineContainer ?? flags.string('container');
  if (flags.bool('all-containers') && container !== '')
    throw new Error(`--all-containers=true should not be specified with container name ${container}`);
  if (flags.changed('container') && inlineContainer !== undefined)
    throw new Error('only one of -c or an inline [CONTAINER] arg is allowed');
  if (flags.number('limit-bytes') < 0) throw new Error('--limit-bytes must be greater than 0');
  if (flags.duration('since') < 0) throw new Error('--since must be greater than 0');
  if (flags.number('tail') < -1) throw new Error('--tail must be greater than or equal to -1');
}

/** The pods that "web" or "deployment/web" means: of a workload, its first or all. */
async function podsOf(
  invocation: Invocation,
  argument: string,
  namespace: string,
  all: boolean,
): Promise<KubeObject[]> {
  const { targets } = await resolveTargets(invocation, [argument], {
    allowEmptySelector: false,
    defaultResource: 'pods',
  });
  const target = targets[0]!;
  let object: KubeObject;
  try {
    object = (await fetchTarget(invocation, target, { chunkSize: 0 }))[0]!.object;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    throw new Error(
      `error from server (NotFound): ${error.message} in namespace ${JSON.stringify(namespace)}`,
    );
  }
  if (object.kind === 'Pod') return [object];
  const { selector } = (object.spec ?? {}) as {
    selector?: { matchLabels?: Record<string, string> } & Record<string, string>;
  };
  const labels =
    object.kind === 'Service' || object.kind === 'ReplicationController' ? selector : selector?.matchLabels;
  if (labels === undefined) throw new Error(`cannot get the logs from ${noSelectorText(object)}`);
  const pods = await podsBySelector(invocation, namespace, formatLabels(labels));
  if (pods.length === 0) throw new Error(`timed out waiting for the condition`);
  if (all) return pods;
  const [first] = pods;
  if (pods.length > 1) invocation.io.stderr(`Found ${pods.length} pods, using pod/${first!.metadata.name}\n`);
  return [first!];
}

async function podsBySelector(
  { factory }: Invocation,
  namespace: string,
  labelSelector: string,
): Promise<KubeObject[]> {
  const list = await new Helper(factory.client(), MAPPINGS.pod).list(namespace, {
    labelSelector,
    limit: '500',
  });
  return list.items as KubeObject[];
}

function sourcesOf({ io }: Invocation, pod: KubeObject, wanted: string, flags: FlagSet): LogSource[] {
  const {
    containers = [],
    initContainers = [],
    ephemeralContainers = [],
  } = pod.spec as Record<string, { name: string }[] | undefined>;
  const names = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  const shown = [
    ...containers.map(({ name }) => name),
    ...initContainers.map(({ name }) => `${name} (init)`),
    ...ephemeralContainers.map(({ name }) => `${name} (ephem)`),
  ].join(', ');
  if (flags.bool('all-containers')) return names.map((container) => ({ pod, container }));
  if (wanted !== '') {
    if (!names.includes(wanted))
      throw new Error(`container ${wanted} is not valid for pod ${pod.metadata.name} out of: ${shown}`);
    return [{ pod, container: wanted }];
  }
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const container = annotated !== undefined && names.includes(annotated) ? annotated : containers[0]!.name;
  if (names.length > 1 && annotated === undefined) {
    io.stderr(`Defaulted container ${JSON.stringify(container)} out of: ${shown}\n`);
  }
  return [{ pod, container }];
}

async function printLog(
  { factory, io, environment }: Invocation,
  { pod, container }: LogSource,
  flags: FlagSet,
  bySelector: boolean,
): Promise<void> {
  const { name, namespace = '' } = pod.metadata;
  const tail = flags.changed('tail') || !bySelector ? flags.number('tail') : 10;
  const since = flags.duration('since');
  const path = objectPath(
    MAPPINGS.pod,
    namespace,
    name,
    {
      container,
      follow: flags.bool('follow') ? 'true' : undefined,
      limitBytes: flags.number('limit-bytes') > 0 ? String(flags.number('limit-bytes')) : undefined,
      previous: flags.bool('previous') ? 'true' : undefined,
      sinceSeconds: since > 0 ? String(Math.ceil(since / 1000)) : undefined,
      sinceTime: flags.string('since-time') || undefined,
      tailLines: tail >= 0 ? String(tail) : undefined,
      timestamps: flags.bool('timestamps') ? 'true' : undefined,
    },
    'log',
  );
  const response = await factory.client().raw({ method: 'GET', path });
  if (response.status >= 400) throw errorOfResponse(response);
  const prefix = flags.bool('prefix') || flags.bool('all-pods') ? `[pod/${name}/${container}] ` : '';
  const write = (text: string) => io.stdout(prefix === '' ? text : text.replace(/^(?=.)/gm, prefix));
  if (typeof response.body === 'string') return write(response.body);
  const stream = response.body;
  const detach = environment.context.onCancel(() => stream.cancel());
  for await (const piece of stream) write(piece);
  detach();
}
