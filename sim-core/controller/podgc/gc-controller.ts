import type { Node, Pod } from 'kubernetes-types/core/v1';
import { formatTime } from '../../apimachinery/object.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { isPodTerminal } from '../util/pods.ts';

const PERIOD = 20_000;
/** A node must have been missing for this long before its pods are deleted. */
const QUARANTINE = 40_000;
/** --terminated-pod-gc-threshold */
const TERMINATED_THRESHOLD = 12_500;

/**
 * Deletes pods that nobody else will: those of nodes that are gone, those that were deleted before
 * they had a node, and the oldest of too many that have ended.
 *
 * Models pkg/controller/podgc PodGCController.
 */
export class PodGarbageCollector implements Controller {
  readonly #context: ControllerContext;
  readonly #pods: Lister<Pod>;
  readonly #nodes: Lister<Node>;
  /** Since when a node that pods name has been missing. */
  readonly #missing = new Map<string, number>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#pods = context.informers.for<Pod>(RESOURCES.pods).lister;
    this.#nodes = context.informers.for<Node>(RESOURCES.nodes).lister;
  }

  async run(): Promise<void> {
    const { clock, context } = this.#context;
    while (!context.cancelled) {
      for (const [pod, message] of this.#garbage()) await this.#delete(pod, message);
      await clock.sleep(PERIOD, { periodic: true, context });
    }
  }

  #garbage(): [Pod, string?][] {
    const pods = this.#pods.list();
    const ended = pods
      .filter(isPodTerminal)
      .sort((a, b) => (a.metadata!.creationTimestamp! < b.metadata!.creationTimestamp! ? -1 : 1));
    const lost = this.#lostNodes(pods);
    return [
      ...ended.slice(0, Math.max(0, ended.length - TERMINATED_THRESHOLD)).map((pod): [Pod] => [pod]),
      ...pods
        .filter((pod) => lost.has(pod.spec?.nodeName ?? ''))
        .map((pod): [Pod, string] => [pod, 'PodGC: node no longer exists']),
      ...pods
        .filter((pod) => !pod.spec?.nodeName && pod.metadata!.deletionTimestamp !== undefined)
        .map((pod): [Pod] => [pod]),
    ];
  }

  #lostNodes(pods: readonly Pod[]): ReadonlySet<string> {
    const now = this.#context.clock.now();
    const named = new Set(pods.map((pod) => pod.spec?.nodeName ?? ''));
    named.delete('');
    for (const node of this.#missing.keys()) {
      if (!named.has(node) || this.#nodes.getByKey(node) !== undefined) this.#missing.delete(node);
    }
    const lost = new Set<string>();
    for (const node of named) {
      if (this.#nodes.getByKey(node) !== undefined) continue;
      const since = this.#missing.get(node);
      if (since === undefined) this.#missing.set(node, now);
      else if (now - since >= QUARANTINE) lost.add(node);
    }
    return lost;
  }

  /** Deletes at once; a pod that has not ended is marked as failed first. */
  async #delete(pod: Pod, message: string | undefined): Promise<void> {
    const { client, clock } = this.#context;
    const { namespace, name, uid } = pod.metadata!;
    try {
      if (message !== undefined && !isPodTerminal(pod)) {
        const condition = {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message,
          lastTransitionTime: formatTime(clock.now()),
        };
        const patch = { metadata: { uid }, status: { phase: 'Failed', conditions: [condition] } };
        await client.patch(RESOURCES.pods, name!, 'strategic', patch, { namespace, subresource: 'status' });
      }
      await client.delete(RESOURCES.pods, name!, { namespace, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isServerError(error)) throw error;
    }
  }
}
