import { parseSelector, SelectorError } from '../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatGoDuration } from '../../../apimachinery/duration.ts';
import { isReason, StatusError } from '../../../apimachinery/status.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import { CHUNK_SIZE_FLAG, DRY_RUN_FLAG, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { dryRunOf } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { ExitError } from '../../util/errors.ts';
import { untilObject, WaitTimeoutError } from '../../util/until.ts';
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
    const pending: string[] = [];
    const failures: string[] = [];
    const nodes = await nodesOf(invocation, parsed);
    for (const node of nodes) await setUnschedulable(invocation, node, true, dryRun);
    for (const node of nodes) {
      const { name = '' } = node.metadata;
      const pods = await podsOf(invocation, name, podSelector);
      const { evict, warnings, errors: obstacles } = await filterPods(invocation, pods, flags);
      if (obstacles.length > 0) {
        io.stderr(unableToDrain(name, obstacles));
        pending.push(name);
        failures.push(...obstacles);
        continue;
      }
      if (warnings.length > 0) io.stderr(`Warning: ${warnings.join('; ')}\n`);
      if (dryRun !== 'none') {
        for (const { metadata } of evict)
          io.stdout(`evicting pod ${metadata.namespace}/${metadata.name}${suffix}\n`);
      } else {
        const errors = await evictPods(invocation, evict, flags);
        if (errors.length > 0) {
          const left = await filterPods(invocation, await podsOf(invocation, name, podSelector), flags);
          if (left.evict.length > 0) {
            io.stderr(
              `There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${listed(errors)}\n`,
            );
            for (const { metadata } of left.evict) io.stderr(`pod/${metadata.name}\n`);
          }
          io.stderr(unableToDrain(name, errors));
          pending.push(name);
          failures.push(...errors);
          continue;
        }
      }
      io.stdout(`node/${name} drained${suffix}\n`);
    }
    if (pending.length > 0) {
      io.stderr(`There are pending nodes to be drained:\n ${pending.join('\n ')}\n`);
      io.stderr(`${failures.join('\n')}\n`);
    }
    return pending.length > 0 ? 1 : 0;
  },
};

async function podsOf({ factory }: Invocation, node: string, labelSelector: string): Promise<KubeObject[]> {
  const { items } = await new Helper(factory.client(), MAPPINGS.pod).list('', {
    fieldSelector: `spec.nodeName=${node}`,
    labelSelector: labelSelector || undefined,
    limit: '500',
  });
  return items as KubeObject[];
}

function unableToDrain(node: string, errors: readonly string[]): string {
  return `error: unable to drain node ${JSON.stringify(node)} due to error: ${listed(errors)}, continuing command...\n`;
}

/** Models k8s.io/apimachinery/pkg/util/errors Aggregate.Error. */
function listed(errors: readonly string[]): string {
  return errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`;
}

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

/** Evicts pods side by side; gives what went wrong, in words. Models pkg/drain evictPods. */
async function evictPods(
  invocation: Invocation,
  pods: readonly KubeObject[],
  flags: FlagSet,
): Promise<string[]> {
  const timeout = flags.duration('timeout');
  const end = invocation.environment.clock.now() + (timeout || WEEK);
  const reached = `global timeout reached: ${formatGoDuration(timeout)}`;
  const errors = await Promise.all(
    pods.map(async (pod) => {
      const { namespace = '', name = '' } = pod.metadata;
      const [ofNamespace, ofPod] = [JSON.stringify(namespace), JSON.stringify(name)];
      const problem = await evictPod(invocation, pod, flags, end, reached);
      if (problem !== undefined) return `error when evicting pods/${ofPod} -n ${ofNamespace}: ${problem}`;
      if (await isGone(invocation, pod, end)) return undefined;
      return `error when waiting for pod ${ofPod} in namespace ${ofNamespace} to terminate: ${reached}`;
    }),
  );
  return errors.filter((error) => error !== undefined);
}

/** Asks for an eviction until a disruption budget allows it; gives why the pod stays. */
async function evictPod(
  { factory, io, environment }: Invocation,
  pod: KubeObject,
  flags: FlagSet,
  end: number,
  reached: string,
): Promise<string | undefined> {
  const { clock, context } = environment;
  const { namespace = '', name = '' } = pod.metadata;
  const helper = new Helper(factory.client(), MAPPINGS.pod);
  const grace = flags.number('grace-period');
  const deleteOptions = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  for (;;) {
    io.stdout(`evicting pod ${namespace}/${name}\n`);
    if (clock.now() >= end) return reached;
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
      return undefined;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === 'NotFound') return undefined;
      if (error.reason !== 'TooManyRequests') return error.message;
      io.stderr(
        `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${error.message}\n`,
      );
      await clock.sleep(RETRY_INTERVAL, { context });
      if (context.cancelled) throw new ExitError(130);
    }
  }
}

/** Waits until the pod is gone; false if it is still there at the end. */
async function isGone(invocation: Invocation, pod: KubeObject, end: number): Promise<boolean> {
  const { namespace = '', name = '', uid } = pod.metadata;
  const place = { mapping: MAPPINGS.pod, namespace, name };
  const left = Math.max(0, end - invocation.environment.clock.now());
  try {
    await untilObject(invocation, place, left, (now) => now === undefined || now.metadata.uid !== uid);
  } catch (error) {
    if (error instanceof WaitTimeoutError) return false;
    throw error;
  }
  invocation.io.stdout(`pod/${name} evicted\n`);
  return true;
}
