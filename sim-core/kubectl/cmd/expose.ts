import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SAVE_CONFIG_FLAG,
  RECORD_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, fetchTarget, resolveTargets, type Target } from '../resource/builder.ts';
import { throwAll, together } from '../util/errors.ts';
import { Helper } from '../resource/helper.ts';
import type { Fetched } from '../resource/objects.ts';
import { resourceText, type RestMapping } from '../resource/rest-mapper.ts';
import { keyValues } from '../util/pairs.ts';
import { MAPPINGS } from './create/mappings.ts';

interface Port {
  readonly port: number;
  readonly protocol: string;
}

/** Models pkg/cmd/expose. */
export const expose: CommandDefinition = {
  name: 'expose',
  use: '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type] [options]',
  short:
    'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  flags: [
    RECORD_FLAG,
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    { name: 'cluster-ip', type: 'string' },
    DRY_RUN_FLAG,
    { name: 'external-ip', type: 'string' },
    fieldManagerFlag('kubectl-expose'),
    { name: 'labels', shorthand: 'l', type: 'string' },
    { name: 'load-balancer-ip', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'override-type', type: 'string', default: 'merge' },
    { name: 'overrides', type: 'string' },
    { name: 'port', type: 'string' },
    { name: 'protocol', type: 'string' },
    SAVE_CONFIG_FLAG,
    { name: 'selector', type: 'string' },
    { name: 'session-affinity', type: 'string' },
    { name: 'target-port', type: 'string' },
    { name: 'type', type: 'string' },
  ],
  async run(invocation, parsed) {
    const { factory } = invocation;
    const { args, flags } = parsed;
    const dryRun = dryRunOf(flags, factory.log);
    const print = await resultPrinter(invocation, dryRun, true);
    const errors: Error[] = [];
    const unread: Error[] = [];
    const options = { ...builderOptions(parsed, false), labelSelector: '', typed: true };
    const { targets } = await resolveTargets(invocation, args, options, unread);
    for (const target of targets) {
      if (target.type === 'name') await exposeOne(target).catch((error: Error) => errors.push(error));
    }
    throwAll([...errors, ...together(unread)]);
    return 0;

    async function exposeOne(target: Target): Promise<void> {
      const [info] = await fetchTarget(invocation, target, { chunkSize: 0 });
      let service = serviceFor(info!, flags);
      const overrides = flags.string('overrides');
      if (overrides !== '') {
        const { applyOverrides } = await invocation.environment.clock.outside(import('./run-overrides.ts'));
        service = applyOverrides(service, MAPPINGS.service, overrides, flags.string('override-type'));
      }
      if (dryRun === 'client') {
        print(service, 'exposed');
        return;
      }
      const parameters = writeParameters(flags, dryRun, 'kubectl-expose');
      const helper = new Helper(factory.client(), MAPPINGS.service);
      print(await helper.create(target.namespace, service, parameters), 'exposed');
    }
  },
};

/** The service that leads to the pods of an object, or to the object. Models ExposeServiceOptions.createService. */
function serviceFor({ mapping, object }: Fetched, flags: FlagSet): KubeObject {
  const given = (flag: string) => flags.string(flag);
  const labelsOf = (text: string) => keyValues(text.split(','), (label) => `unexpected label spec: ${label}`);
  const selector = given('selector') === '' ? selectorOf(object, mapping) : labelsOf(given('selector'));
  const ports =
    given('port') === ''
      ? portsOf(object)
      : given('port')
          .split(',')
          .map((port) => ({ port: portNumber(port), protocol: given('protocol') || 'TCP' }));
  if (ports.length === 0) throw new Error(`couldn't find port via --port flag or introspection`);
  const labels = given('labels') === '' ? object.metadata.labels : labelsOf(given('labels'));
  const target = given('target-port');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...(labels !== undefined && { labels }), name: given('name') || object.metadata.name! },
    spec: {
      ...(given('cluster-ip') !== '' && { clusterIP: given('cluster-ip') }),
      ...(given('load-balancer-ip') !== '' &&
        given('type') === 'LoadBalancer' && { loadBalancerIP: given('load-balancer-ip') }),
      ...(given('external-ip') !== '' && { externalIPs: [given('external-ip')] }),
      ports: ports.map(({ port, protocol }, index) => ({
        ...(ports.length > 1 && { name: `port-${index + 1}` }),
        port,
        protocol,
        targetPort: target === '' ? port : /^\d+$/.test(target) ? Number(target) : target,
      })),
      selector,
      ...(given('session-affinity') !== '' && { sessionAffinity: given('session-affinity') }),
      ...(given('type') !== '' && { type: given('type') }),
    },
    status: { loadBalancer: {} },
  };
}

/** Models polymorphichelpers.MapBasedSelectorForObject. */
function selectorOf({ kind, metadata, spec }: KubeObject, mapping: RestMapping): Record<string, string> {
  switch (kind) {
    case 'Pod': {
      const { labels = {} } = metadata;
      if (Object.keys(labels).length === 0) throw new Error('the pod has no labels and cannot be exposed');
      return labels;
    }
    case 'Service':
    case 'ReplicationController':
      return (spec as { selector?: Record<string, string> }).selector ?? {};
    case 'Deployment':
    case 'ReplicaSet':
      return (spec as { selector: { matchLabels?: Record<string, string> } }).selector.matchLabels ?? {};
    default:
      throw new Error(`cannot expose a ${resourceText({ ...mapping, resource: mapping.kind })}`);
  }
}

function portsOf(object: KubeObject): Port[] {
  const spec = object.spec as {
    ports?: { port: number; protocol?: string }[];
    containers?: { ports?: { containerPort: number; protocol?: string }[] }[];
    template?: { spec: { containers: { ports?: { containerPort: number; protocol?: string }[] }[] } };
  };
  if (object.kind === 'Service')
    return (spec.ports ?? []).map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  const containers = spec.containers ?? spec.template?.spec.containers ?? [];
  return containers.flatMap(({ ports }) =>
    (ports ?? []).map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })),
  );
}

function portNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
