import type { Node, Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { type NewPodCondition, withPodCondition } from '../../client-go/component-helpers/pod/conditions.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { patchPodStatus } from '../util/pod-status.ts';
import { isPodTerminal } from '../util/pods.ts';

const PERIOD = 20_000;
/** A node must have been missing for this long before its pods are deleted. */
const QUARANTINE = 40_000;
/** --terminated-pod-gc-threshold */
const TERMINATED_THRESHOLD = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

const ORPHANED: NewPodCondition = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
};

/**
 * Deletes pods that nobody else will: those of nodes that are gone or out of service, those that were deleted
 * before they had a node, and the oldest of too many that have ended.
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
      const pods = this.#pods.list();
      const ended = pods.filter(isPodTerminal);
      if (ended.length > TERMINATED_THRESHOLD) {
        const surplus = ended.sort(byEvictionAndCreation).slice(0, ended.length - TERMINATED_THRESHOLD);
        for (const pod of surplus) await this.#failAndDelete(pod);
      }
      for (const pod of pods.filter((pod) => this.#isOutOfService(pod)).sort(byEvictionAndCreation)) {
        await this.#failAndDelete(pod);
      }
      const lost = await this.#lostNodes(pods);
      for (const pod of pods) {
        if (lost.has(pod.spec?.nodeName ?? '')) await this.#failAndDelete(pod, ORPHANED);
      }
      for (const pod of pods) {
        if (!pod.spec?.nodeName && isTerminating(pod)) await this.#failAndDelete(pod);
      }
      await clock.sleep(PERIOD, { periodic: true, context });
    }
  }

  /** On its way out, on a node that is not ready and that somebody said will not come back. */
  #isOutOfService(pod: Pod): boolean {
    const node = isTerminating(pod) ? this.#nodes.getByKey(pod.spec?.nodeName ?? '') : undefined;
    if (node === undefined) return false;
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.status !== 'True' && (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
  }

  /** Nodes that pods name and that are missing since long; the server is asked before that is believed. */
  async #lostNodes(pods: readonly Pod[]): Promise<ReadonlySet<string>> {
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
      else if (now - since >= QUARANTINE) {
        this.#missing.delete(node);
        if (await this.#isGone(node)) lost.add(node);
      }
    }
    return lost;
  }

  async #isGone(node: string): Promise<boolean> {
    try {
      await this.#context.client.get(RESOURCES.nodes, node);
    } catch (error) {
      if (!isServerError(error)) throw error;
      return isReason(error, 'NotFound');
    }
    return false;
  }

  /** Deletes at once; a pod that has not ended is marked as failed first. */
  async #failAndDelete(pod: Pod, condition?: NewPodCondition): Promise<void> {
    const { client, clock } = this.#context;
    const { namespace, name, generation } = pod.metadata!;
    try {
      if (!isPodTerminal(pod)) {
        const status = condition === undefined ? pod.status : withPodCondition(pod, condition, clock.now());
        await patchPodStatus(client, pod, {
          ...status,
          ...(generation !== undefined && { observedGeneration: generation }),
          phase: 'Failed',
        });
      }
      await client.delete(RESOURCES.pods, name!, { namespace, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isServerError(error)) throw error;
    }
  }
}

const isTerminating = ({ metadata }: Pod) => metadata!.deletionTimestamp !== undefined;

/** Evicted pods first, then the oldest. */
function byEvictionAndCreation(a: Pod, b: Pod): number {
  const isEvicted = ({ status }: Pod) => status?.phase === 'Failed' && status.reason === 'Evicted';
  if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1;
  const [one, other] = [a, b].map(({ metadata }) => `${metadata!.creationTimestamp} ${metadata!.name}`);
  return one! < other! ? -1 : 1;
}
