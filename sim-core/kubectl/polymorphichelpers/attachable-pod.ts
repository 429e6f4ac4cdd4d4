import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { fetchTarget, resolveTargets, type Target } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { MAPPINGS } from '../cmd/create/mappings.ts';

/** How often to look for a pod that is not there yet, in simulated milliseconds. */
const POLL = 1000;

/** What "web", "deploy/web" or "svc/web" names, and the pod of it to talk to. */
export interface Attachable {
  readonly object: KubeObject;
  readonly pod: KubeObject;
}

/**
 * Finds the pod that a command talks to: of a workload or a service, one of those that it selects, the
 * running ones first. Waits up to `timeout` simulated milliseconds for one. What a file says is taken at its word.
 * Models pkg/polymorphichelpers attachablePodForObject.
 */
export async function attachablePod(
  invocation: Invocation,
  argument: string | undefined,
  timeout: number,
  filenames: readonly string[] = [],
): Promise<Attachable> {
  const { targets } = await resolveTargets(invocation, argument === undefined ? [] : [argument], {
    allowEmptySelector: false,
    defaultResource: 'pods',
    filenames,
  });
  const [target, another] = targets;
  if (another !== undefined) throw new Error('cannot exec into multiple objects at a time');
  const { object, mapping, namespace } = await objectOf(invocation, target!);
  if (mapping.kind === 'Pod') return { object, pod: object };
  const labels = selectorOf(object);
  if (labels === undefined) throw new Error(`cannot attach to ${noSelectorText(object)}`);
  const { clock, context } = invocation.environment;
  const end = clock.now() + timeout;
  for (;;) {
    const list = await new Helper(invocation.factory.client(), MAPPINGS.pod).list(namespace, {
      labelSelector: labels,
    });
    const [first] = (list.items as KubeObject[]).sort(byReadiness);
    if (first !== undefined) return { object, pod: { ...first, apiVersion: 'v1', kind: 'Pod' } };
    if (clock.now() >= end || context.cancelled) throw new Error('timed out waiting for the condition');
    await clock.sleep(Math.min(POLL, end - clock.now()), { context });
  }
}

async function objectOf(invocation: Invocation, target: Target) {
  const manifest = target.type === 'name' ? target.manifest : undefined;
  if (manifest === undefined) return (await fetchTarget(invocation, target, { chunkSize: 0 }))[0]!;
  const { mapping, namespace } = target;
  const metadata = { ...manifest.object.metadata, ...(mapping.namespaced && { namespace }) };
  return { object: { ...manifest.object, metadata }, mapping, namespace };
}

/** What an object is that selects no pods: "*v1.Node: selector for *v1.Node not implemented". */
export function noSelectorText({ kind, metadata }: KubeObject): string {
  const type = `*v1.${kind}`;
  return kind === 'Service'
    ? `${type}: invalid service '${metadata.name}': Service is defined without a selector`
    : `${type}: selector for ${type} not implemented`;
}

/** The label selector of a workload or service as a query; undefined if it has none. */
export function selectorOf({ kind, spec }: KubeObject): string | undefined {
  const { selector } = (spec ?? {}) as { selector?: Record<string, unknown> };
  if (selector === undefined) return undefined;
  const isPlain = kind === 'Service' || kind === 'ReplicationController';
  const { matchLabels = {}, matchExpressions = [] } = (isPlain ? { matchLabels: selector } : selector) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
  };
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
      }
    }),
  ].join(',');
}

/** Scheduled, running, ready, old: such a pod is the better one to talk to. Models podutils.ActivePods. */
function byReadiness(a: KubeObject, b: KubeObject): number {
  const rank = ({ spec, status }: KubeObject) => {
    const { phase, conditions = [] } = (status ?? {}) as {
      phase?: string;
      conditions?: { type: string; status: string }[];
    };
    const assigned = (spec as { nodeName?: string } | undefined)?.nodeName !== undefined;
    const ready = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
    return (assigned ? 0 : 4) + (phase === 'Running' ? 0 : 2) + (ready ? 0 : 1);
  };
  const created = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  return rank(a) - rank(b) || created(a) - created(b);
}
