import type { Node, Pod, Taint, Toleration } from 'kubernetes-types/core/v1';
import { formatTime } from '../../apimachinery/object.ts';
import type { Timer } from '../../clock/clock.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { toleratesTaint } from '../../client-go/component-helpers/scheduling/tolerations.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { isReason } from '../../apimachinery/status.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';

interface Planned {
  readonly at: number;
  readonly uid: string;
  readonly timer: Timer;
}

/**
 * Deletes pods from nodes with NoExecute taints: at once if they do not tolerate them, after
 * tolerationSeconds if they do for a while.
 *
 * Models pkg/controller/tainteviction Controller.
 */
export class TaintEvictionController implements Controller {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #pods: Lister<Pod>;
  readonly #nodes: Lister<Node>;
  readonly #planned = new Map<string, Planned>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = recorderFor(context, 'taint-controller');
    this.#queue = new WorkQueue(context.clock, context.context);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    pods.addIndex('nodeName', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    this.#pods = pods.lister;
    this.#nodes = nodes.lister;
    pods.addHandler({
      onAdd: (pod) => this.#onPod(pod),
      onUpdate: (old, pod) => {
        if (old.spec?.nodeName !== pod.spec?.nodeName) this.#onPod(pod);
      },
      onDelete: (pod) => this.#forget(keyOf(pod)),
    });
    const onNode = (node: Node, old?: Node) => {
      if (evicting(node).length === 0 && (old === undefined || evicting(old).length === 0)) return;
      for (const pod of this.#pods.byIndex('nodeName', node.metadata!.name!)) this.#onPod(pod);
    };
    nodes.addHandler({ onAdd: (node) => onNode(node), onUpdate: (old, node) => onNode(node, old) });
    context.context.onCancel(() => {
      for (const { timer } of this.#planned.values()) timer.cancel();
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 8, (key) => this.#evict(key));
  }

  #onPod(pod: Pod): void {
    const key = keyOf(pod);
    const node = this.#nodes.getByKey(pod.spec?.nodeName ?? '');
    const taints = node === undefined ? [] : evicting(node);
    const delay = this.#delayOf(pod, taints);
    if (delay === undefined) {
      if (this.#forget(key)) this.#say(pod, `Cancelling deletion of Pod ${key}`);
      return;
    }
    const at = this.#context.clock.now() + delay;
    const known = this.#planned.get(key);
    if (known !== undefined && known.at <= at) return;
    this.#forget(key);
    const timer = this.#context.clock.schedule(delay, () => this.#queue.add(key));
    this.#planned.set(key, { at, uid: pod.metadata!.uid!, timer });
  }

  /** Milliseconds until the pod must go; undefined if it may stay. */
  #delayOf(pod: Pod, taints: readonly Taint[]): number | undefined {
    if (taints.length === 0) return undefined;
    let least: number | undefined;
    for (const taint of taints) {
      const matching = (pod.spec?.tolerations ?? []).filter((toleration) =>
        toleratesTaint(toleration, taint),
      );
      if (matching.length === 0) return 0;
      const seconds = shortest(matching);
      if (seconds === undefined) continue;
      const start = taint.timeAdded === undefined ? this.#context.clock.now() : Date.parse(taint.timeAdded);
      const delay = Math.max(0, start + seconds * 1000 - this.#context.clock.now());
      least = Math.min(least ?? Infinity, delay);
    }
    return least;
  }

  /** True if the pod was to be deleted. */
  #forget(key: string): boolean {
    this.#planned.get(key)?.timer.cancel();
    return this.#planned.delete(key);
  }

  async #evict(key: string): Promise<void> {
    const planned = this.#planned.get(key);
    const pod = this.#pods.getByKey(key);
    if (planned === undefined || pod === undefined || pod.metadata!.uid !== planned.uid) return;
    const { namespace, name, uid } = pod.metadata!;
    this.#say(pod, `Marking for deletion Pod ${key}`);
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: formatTime(this.#context.clock.now()),
    };
    const { client } = this.#context;
    try {
      const patch = { metadata: { uid }, status: { conditions: [condition] } };
      await client.patch(RESOURCES.pods, name!, 'strategic', patch, { namespace, subresource: 'status' });
      await client.delete(RESOURCES.pods, name!, { namespace });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    this.#planned.delete(key);
  }

  #say(pod: Pod, message: string): void {
    this.#recorder.event(subjectOf(pod, RESOURCES.pods), 'Normal', 'TaintManagerEviction', message);
  }
}

const evicting = (node: Node): Taint[] =>
  (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

/** The shortest time that a toleration gives; undefined: for ever. */
function shortest(tolerations: readonly Toleration[]): number | undefined {
  const times = tolerations.flatMap(({ tolerationSeconds }) =>
    tolerationSeconds === undefined ? [] : [Math.max(0, tolerationSeconds)],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
