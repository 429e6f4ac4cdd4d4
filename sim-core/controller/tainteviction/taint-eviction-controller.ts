import type { Node, Pod, Taint } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { withPodCondition } from '../../client-go/component-helpers/pod/conditions.ts';
import { keyOf, type Lister, splitKey } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { patchPodStatus } from '../util/pod-status.ts';
import { TimedWorkerQueue } from './timed-workers.ts';
import { evicting, matchingTolerations, shortestTime } from './toleration-time.ts';

const RETRIES = 5;
const RETRY_AFTER = 10;

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
  readonly #evictions: TimedWorkerQueue;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = recorderFor(context, 'taint-eviction-controller');
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#evictions = new TimedWorkerQueue(context.clock, (key) => this.#queue.add(key));
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    pods.addIndex('nodeName', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    this.#pods = pods.lister;
    this.#nodes = nodes.lister;
    pods.addHandler({
      onAdd: (pod) => this.#onPod(pod),
      onUpdate: (old, pod) => {
        const isSame =
          old.spec?.nodeName === pod.spec?.nodeName &&
          deepEqual(old.spec?.tolerations, pod.spec?.tolerations);
        if (!isSame) this.#onPod(pod);
      },
      onDelete: (pod) => this.#cancel(keyOf(pod)),
    });
    const onNode = (node: Node, old?: Node) => {
      const taints = evicting(node);
      if (deepEqual(taints, old === undefined ? [] : evicting(old))) return;
      for (const pod of this.#pods.byIndex('nodeName', node.metadata!.name!)) this.#process(pod, taints);
    };
    nodes.addHandler({ onAdd: (node) => onNode(node), onUpdate: (old, node) => onNode(node, old) });
    context.context.onCancel(() => this.#evictions.cancelAll());
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 8, (key) => this.#evict(key));
  }

  #onPod(pod: Pod): void {
    const node = this.#nodes.getByKey(pod.spec?.nodeName ?? '');
    const taints = node === undefined ? [] : evicting(node);
    if (taints.length > 0) this.#process(pod, taints);
  }

  /** Plans when a pod must go from a node with `taints`, or takes the plan back. Models processPodOnNode. */
  #process(pod: Pod, taints: readonly Taint[]): void {
    const key = keyOf(pod);
    const now = this.#context.clock.now();
    const used = matchingTolerations(taints, pod.spec?.tolerations ?? []);
    if (used === undefined) {
      this.#cancel(key);
      this.#evictions.add(key, now, now);
      return;
    }
    const shortest = shortestTime(used);
    if (shortest === undefined) return this.#cancel(key);
    const planned = this.#evictions.createdAt(key);
    // A further taint does not give a pod more time.
    if (planned !== undefined && planned < now) return;
    this.#cancel(key);
    this.#evictions.add(key, now, now + shortest);
  }

  #cancel(key: string): void {
    if (this.#evictions.cancel(key)) this.#say(key, `Cancelling deletion of Pod ${key}`);
  }

  async #evict(key: string): Promise<void> {
    const { clock, context } = this.#context;
    this.#say(key, `Marking for deletion Pod ${key}`);
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      try {
        await this.#addConditionAndDelete(key);
        break;
      } catch (error) {
        if (!isServerError(error)) throw error;
        await clock.sleep(RETRY_AFTER, { context });
      }
    }
    this.#evictions.done(key);
  }

  async #addConditionAndDelete(key: string): Promise<void> {
    const { client, clock } = this.#context;
    const { namespace, name } = splitKey(key);
    const pod = await client.get<Pod>(RESOURCES.pods, name, { namespace });
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    };
    await patchPodStatus(client, pod, withPodCondition(pod, condition, clock.now()));
    await client.delete(RESOURCES.pods, name, { namespace });
  }

  /** The event names the pod, but not which of that name. */
  #say(key: string, message: string): void {
    const subject = subjectOf({ metadata: splitKey(key) }, RESOURCES.pods);
    this.#recorder.event(subject, 'Normal', 'TaintManagerEviction', message);
  }
}
