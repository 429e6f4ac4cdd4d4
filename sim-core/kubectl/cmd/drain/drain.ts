import { parseSelector, SelectorError } from '../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import { CHUNK_SIZE_FLAG, DRY_RUN_FLAG, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { dryRunOf } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { untilObject } from '../../util/until.ts';
import { MAPPINGS } from '../create/mappings.ts';
import { nodesOf, setUnschedulable } from './cordon.ts';

const WEEK = 168 * 3_600_000;
const RETRY_INTERVAL = 5000;

interface Filtered {
  readonly evict: KubeObject[];
  readonly warnings: string[];
  readonly errors: string[];
}

/** Models pkg/cmd/drain and pkg/drain. */
export const drain: CommandDefinition = {
  name: 'drain',
  use: 'NODE [options]',
  short: 'Drain node in preparation for maintenance',
  flags: [
    CHUNK_SIZE_FLAG,
    { name: 'delete-emptydir-data', type: 'bool', default: 'false' },
    { name: 'disable-eviction', type: 'bool', default: 'false' },
    DRY_RUN_FLAG,
    { name: 'force', type: 'bool', default: 'false' },
    { name: 'grace-period', type: 'int', default: '-1' },
    { name: 'ignore-daemonsets', type: 'bool', default: 'false' },
    { name: 'pod-selector', type: 'string' },
    SELECTOR_FLAG,
    { name: 'skip-wait-for-delete-timeout', type: 'int', default: '0' },
    { name: 'timeout', type: 'duration', default: '0s' },
  ],
  async run(invocation, parsed) {
    const { io, factory } = invocation;
    const { flags } = parsed;
    const dryRun = dryRunOf(flags, factory.log);
    const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
    const podSelector = flags.string('pod-selector');
    if (!isSelector(podSelector))
      throw new Error('--pod-selector=<pod_selector> must be a valid label selector');
    const failures: string[] = [];
    const nodes = await nodesOf(invocation, parsed);
    for (const node of nodes) await setUnschedulable(invocation, node, true, dryRun);
    for (const node of nodes) {
      const { name = '' } = node.metadata;
      const list = await new Helper(factory.client(), MAPPINGS.pod).list('', {
        fieldSelector: `spec.nodeName=${name}`,
        labelSelector: flags.string('pod-selector') || undefined,
        limit: '500',
      });
      const { evict, warnings, errors } = await filterPods(invocation, list.items as KubeObject[], flags);
      if (errors.length > 0) {
        const reason = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`;
        io.stderr(
          `error: unable to drain node ${JSON.stringify(name)} due to error: ${reason}, continuing command...\n`,
        );
        failures.push(name);
        io.stderr(
          `There are pending nodes to be drained:\n ${name}\n${errors.map((text) => text).join('\n')}\n`,
        );
        continue;
      }
      if (warnings.length > 0) io.stderr(`Warning: ${warnings.join('; ')}\n`);
      for (const { metadata } of evict)
        io.stdout(`evicting pod ${metadata.namespace}/${metadata.name}${suffix}\n`);
      if (dryRun === 'none') {
        const end = invocation.environment.clock.now() + (flags.duration('timeout') || WEEK);
        for (const pod of evict) await evictPod(invocation, pod, flags, end);
        for (const pod of evict) await waitGone(invocation, pod, end);
      }
      io.stdout(`node/${name} drained${suffix}\n`);
    }
    return failures.length > 0 ? 1 : 0;
  },
};

function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

/** Which pods go, and what stands in the way. Models pkg/drain/filters.go. */
async function filterPods(
  { factory }: Invocation,
  pods: readonly KubeObject[],
  flags: FlagSet,
): Promise<Filtered> {
  const evict: KubeObject[] = [];
  const daemons: string[] = [];
  const unmanaged: string[] = [];
  const localStorage: string[] = [];
  for (const pod of pods) {
    const { namespace = '', name = '', annotations = {}, ownerReferences = [] } = pod.metadata;
    const label = `${namespace}/${name}`;
    if (annotations['kubernetes.io/config.mirror'] !== undefined) continue;
    const finished = ['Succeeded', 'Failed'].includes(
      (pod.status as { phase?: string } | undefined)?.phase ?? '',
    );
    const controller = ownerReferences.find((owner) => owner.controller === true);
    if (controller?.kind === 'DaemonSet' && !finished) {
      const known = await daemonSetExists(factory, namespace, controller.name);
      if (known || !flags.bool('force')) {
        daemons.push(label);
        continue;
      }
    }
    const volumes = (pod.spec as { volumes?: { emptyDir?: object }[] }).volumes ?? [];
    const isLocal = !finished && volumes.some(({ emptyDir }) => emptyDir !== undefined);
    // The first thing that stands in the way is the one that is told.
    if (isLocal && !flags.bool('delete-emptydir-data')) {
      localStorage.push(label);
      continue;
    }
    if (!finished && controller === undefined) unmanaged.push(label);
    evict.push(pod);
  }
  const errors: string[] = [];
  const warnings: string[] = [];
  if (daemons.length > 0) {
    if (flags.bool('ignore-daemonsets'))
      warnings.push(`ignoring DaemonSet-managed Pods: ${daemons.join(', ')}`);
    else
      errors.push(
        `cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.join(', ')}`,
      );
  }
  if (localStorage.length > 0) {
    errors.push(
      `cannot delete Pods with local storage (use --delete-emptydir-data to override): ${localStorage.join(', ')}`,
    );
  }
  if (unmanaged.length > 0) {
    const text = unmanaged.join(', ');
    if (flags.bool('force')) warnings.push(`deleting Pods that declare no controller: ${text}`);
    else errors.push(`cannot delete Pods that declare no controller (use --force to override): ${text}`);
  }
  return { evict, warnings, errors };
}

async function daemonSetExists(
  factory: Invocation['factory'],
  namespace: string,
  name: string,
): Promise<boolean> {
  const mapping = {
    group: 'apps',
    version: 'v1',
    resource: 'daemonsets',
    kind: 'DaemonSet',
    namespaced: true,
  };
  try {
    await new Helper(factory.client(), mapping).get(namespace, name);
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** Asks for an eviction until a disruption budget allows it. Models pkg/drain evictPods. */
async function evictPod(
  { factory, io, environment }: Invocation,
  pod: KubeObject,
  flags: FlagSet,
  end: number,
): Promise<void> {
  const { clock, context } = environment;
  const { namespace = '', name = '' } = pod.metadata;
  const helper = new Helper(factory.client(), MAPPINGS.pod);
  const grace = flags.number('grace-period');
  const deleteOptions = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  for (;;) {
    try {
      if (flags.bool('disable-eviction')) await helper.delete(namespace, name, deleteOptions);
      else {
        const eviction = {
          apiVersion: 'policy/v1',
          deleteOptions,
          kind: 'Eviction',
          metadata: { name, namespace },
        };
        await helper.create(namespace, eviction, {}, name, 'eviction');
      }
      return;
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      if (!isReason(error, 'TooManyRequests') || clock.now() >= end || context.cancelled) throw error;
      io.stderr(
        `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${error.message}\n`,
      );
      await clock.sleep(RETRY_INTERVAL, { context });
    }
  }
}

async function waitGone(invocation: Invocation, pod: KubeObject, end: number): Promise<void> {
  const { namespace = '', name = '', uid } = pod.metadata;
  const place = { mapping: MAPPINGS.pod, namespace, name };
  const left = Math.max(0, end - invocation.environment.clock.now());
  await untilObject(invocation, place, left, (now) => now === undefined || now.metadata.uid !== uid);
  invocation.io.stdout(`pod/${name} evicted\n`);
}
