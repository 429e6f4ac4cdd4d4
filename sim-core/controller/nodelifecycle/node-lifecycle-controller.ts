import type { Lease } from 'kubernetes-types/coordination/v1';
import type { Node, NodeCondition, Pod } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { swapTaints } from '../util/node-taints.ts';
import { isPodReady } from '../util/pods.ts';
import { NoExecuteTainter } from './no-execute-tainter.ts';
import { GRACE_PERIOD, MONITOR_PERIOD, STARTUP_GRACE_PERIOD } from './periods.ts';
import { noScheduleDifference, readyCondition } from './taints.ts';
import { countsForItsZone, EVICTION_RATE, zoneKeyOf, ZoneStates } from './zone-states.ts';

/** How often the status of a silent node is written on newer objects, and the time in between. */
const HEALTH_UPDATE_RETRIES = 5;
const RETRY_AFTER = 20;
const LEASE_NAMESPACE = 'kube-node-lease';
const WATCHED_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** When a node was last heard of, by the lease or status that said so. */
interface NodeHealth {
  readonly heard: number;
  readonly renewTime: string | undefined;
  readonly heartbeat: string | undefined;
}

/**
 * Marks nodes whose kubelet has fallen silent, and turns conditions into taints.
 * Models pkg/controller/nodelifecycle Controller.
 */
export class NodeLifecycleController implements Controller {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #nodeInformer: SharedInformer<Node>;
  readonly #nodes: Lister<Node>;
  readonly #leases: Lister<Lease>;
  readonly #pods: Lister<Pod>;
  readonly #tainter: NoExecuteTainter;
  readonly #zones = new ZoneStates();
  readonly #podQueue: WorkQueue;
  readonly #health = new Map<string, NodeHealth>();
  /** Nodes whose pods are to be marked. */
  readonly #notReady = new Set<string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = recorderFor(context, 'node-controller');
    this.#queue = new WorkQueue(context.clock, context.context);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    pods.addIndex('nodeName', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    this.#nodeInformer = nodes;
    this.#nodes = nodes.lister;
    this.#pods = pods.lister;
    this.#tainter = new NoExecuteTainter(context.client, context.clock, nodes.lister);
    this.#podQueue = new WorkQueue(context.clock, context.context);
    const onPod = (pod: Pod, old?: Pod) => {
      if (pod.spec?.nodeName && pod.spec.nodeName !== old?.spec?.nodeName) this.#podQueue.add(keyOf(pod));
    };
    pods.addHandler({ onAdd: (pod) => onPod(pod), onUpdate: (old, pod) => onPod(pod, old) });
    this.#leases = context.informers.for<Lease>(RESOURCES.leases).lister;
    nodes.addHandler({
      onAdd: (node) => this.#onNode(node, undefined),
      onUpdate: (old, node) => this.#onNode(node, old),
      onDelete: (node) => {
        const name = node.metadata!.name!;
        this.#health.delete(name);
        this.#recordNode(node, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      },
    });
  }

  async run(): Promise<void> {
    await Promise.all([
      runWorkers(this.#queue, 8, (name) => this.#taint(name)),
      runWorkers(this.#podQueue, 4, (key) => this.#onPodOf(key)),
      this.#monitor(),
    ]);
  }

  #onNode(node: Node, old: Node | undefined): void {
    this.#queue.add(node.metadata!.name!);
    // A process that goes on knew the nodes of its first list.
    const { resumeFrom } = this.#context.client.config;
    if (old !== undefined || (resumeFrom !== undefined && !this.#nodeInformer.hasSynced)) return;
    const name = node.metadata!.name!;
    this.#recordNode(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
  }

  /** Models doNoScheduleTaintingPass. */
  async #taint(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    if (node === undefined) return;
    const { added, removed } = noScheduleDifference(node);
    await swapTaints(this.#context.client, node, added, removed, this.#context.clock.now());
  }

  async #monitor(): Promise<void> {
    const { clock, context } = this.#context;
    while (!context.cancelled) {
      await this.#monitorNodes();
      await clock.sleep(MONITOR_PERIOD, { periodic: true, context });
    }
  }

  /** Looks at all nodes, then at their zones. Models monitorNodeHealth. */
  async #monitorNodes(): Promise<void> {
    const nodes = this.#nodes.list();
    for (const node of nodes) {
      const zone = zoneKeyOf(node);
      if (this.#zones.add(zone)) this.#tainter.setRate(zone, EVICTION_RATE);
    }
    const zones = new Map<string, boolean[]>();
    for (const node of nodes) {
      try {
        const { observed, current } = await this.#updateHealthOrRetry(node);
        const ready = readyCondition(current)?.status;
        const zone = zoneKeyOf(current);
        if (countsForItsZone(current)) zones.set(zone, [...(zones.get(zone) ?? []), ready === 'True']);
        if (ready !== undefined) await this.#react(current, observed, ready);
      } catch (error) {
        if (!isServerError(error)) throw error;
      }
    }
    await this.#handleDisruption(zones, nodes);
  }

  /** `observed`: what the node's condition Ready was before this look. */
  async #react(node: Node, observed: string, ready: string): Promise<void> {
    const name = node.metadata!.name!;
    await this.#tainter.process(node, observed);
    if (ready !== 'True' && observed === 'True') {
      this.#recordNode(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      this.#notReady.add(name);
    }
    // What could not be said of a pod is said with the next look.
    const pods = this.#pods.byIndex('nodeName', name);
    if (ready !== 'True' && this.#notReady.has(name)) await this.#markPodsNotReady(pods);
    this.#notReady.delete(name);
  }

  /** When nothing is ready any more, it may be us who are cut off: then no pod must go. */
  async #handleDisruption(
    zones: ReadonlyMap<string, readonly boolean[]>,
    nodes: readonly Node[],
  ): Promise<void> {
    const { rates, entersFullDisruption, leavesFullDisruption } = this.#zones.update(zones);
    for (const [zone, rate] of rates) this.#tainter.setRate(zone, rate);
    if (leavesFullDisruption) {
      const heard = this.#context.clock.now();
      for (const [name, health] of this.#health) this.#health.set(name, { ...health, heard });
    }
    if (!entersFullDisruption) return;
    for (const node of nodes) {
      try {
        await this.#tainter.markReachable(node);
      } catch (error) {
        if (!isServerError(error)) throw error;
      }
    }
  }

  /** On the newest object again if the server does not take the write. */
  async #updateHealthOrRetry(node: Node): Promise<{ readonly observed: string; readonly current: Node }> {
    const { client, clock, context } = this.#context;
    let latest = node;
    for (let attempt = 1; ; attempt++) {
      const observed = readyCondition(latest)?.status ?? 'Unknown';
      try {
        return { observed, current: await this.#updateHealth(latest) };
      } catch (error) {
        if (!isServerError(error) || attempt === HEALTH_UPDATE_RETRIES) throw error;
      }
      latest = await client.get<Node>(RESOURCES.nodes, node.metadata!.name!);
      await clock.sleep(RETRY_AFTER, { context });
    }
  }

  /** The node with the conditions that its silence calls for. Models tryUpdateNodeHealth. */
  async #updateHealth(node: Node): Promise<Node> {
    const { clock, client } = this.#context;
    const now = clock.now();
    const health = this.#observe(node, now);
    const ready = readyCondition(node);
    const grace = ready === undefined ? STARTUP_GRACE_PERIOD : GRACE_PERIOD;
    if (now <= health.heard + grace) return node;
    const current = { ...node, status: { ...node.status, conditions: silentConditions(node, now) } };
    if (deepEqual(readyCondition(current), ready)) return node;
    await client.update(RESOURCES.nodes, current as { metadata: { name: string } }, {
      subresource: 'status',
    });
    return current;
  }

  /** A new lease or heartbeat is a sign of life now: the node's own clock is not trusted. */
  #observe(node: Node, now: number): NodeHealth {
    const name = node.metadata!.name!;
    const renewTime = this.#leases.get(LEASE_NAMESPACE, name)?.spec?.renewTime;
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    const heartbeat = ready?.status === 'Unknown' ? undefined : ready?.lastHeartbeatTime;
    const known = this.#health.get(name);
    const isSigned =
      known === undefined ||
      renewTime !== known.renewTime ||
      (heartbeat ?? known.heartbeat) !== known.heartbeat;
    const heard = isSigned ? (known === undefined ? firstHeard(node, heartbeat, now) : now) : known.heard;
    const health = { heard, renewTime, heartbeat: heartbeat ?? known?.heartbeat };
    this.#health.set(name, health);
    return health;
  }

  /** A pod that comes to a node that is not ready is not ready either. Models processPod. */
  async #onPodOf(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    const node = this.#nodes.getByKey(pod?.spec?.nodeName ?? '');
    if (pod === undefined || node === undefined) return;
    const ready = readyCondition(node)?.status;
    if (ready !== undefined && ready !== 'True') await this.#markPodsNotReady([pod]);
  }

  /** The pods of a dead node no longer get traffic. Models MarkPodsNotReady. */
  async #markPodsNotReady(pods: readonly Pod[]): Promise<void> {
    const { client, clock } = this.#context;
    for (const pod of pods) {
      if (!isPodReady(pod)) continue;
      const conditions = pod.status!.conditions!.map((condition) =>
        condition.type === 'Ready'
          ? { ...condition, status: 'False', lastTransitionTime: formatTime(clock.now()) }
          : condition,
      );
      const body = { ...pod, status: { ...pod.status, conditions } } as { metadata: { name: string } };
      try {
        await client.update(RESOURCES.pods, body, {
          namespace: pod.metadata!.namespace,
          subresource: 'status',
        });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
        continue;
      }
      this.#recorder.event(subjectOf(pod, RESOURCES.pods), 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  /** The event names the node and no version of it. Models RecordNodeEvent. */
  #recordNode({ metadata }: Node, reason: string, message: string): void {
    const { name, uid } = metadata!;
    const subject = subjectOf({ metadata: { name: name!, uid: uid! } }, RESOURCES.nodes);
    this.#recorder.event(subject, 'Normal', reason, message);
  }
}

/** A node that was there before us gets a full grace period, a new one counts from its making. */
function firstHeard(node: Node, heartbeat: string | undefined, now: number): number {
  return heartbeat === undefined ? Date.parse(node.metadata!.creationTimestamp!) : now;
}

/** What is said of a node that says nothing. */
function silentConditions(node: Node, now: number): NodeCondition[] {
  const time = formatTime(now);
  const known = node.status?.conditions ?? [];
  const changed = known.map((condition) =>
    !WATCHED_CONDITIONS.includes(condition.type) || condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: time,
        },
  );
  const missing = WATCHED_CONDITIONS.filter((type) => !known.some((condition) => condition.type === type));
  return [
    ...changed,
    ...missing.map((type) => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata!.creationTimestamp!,
      lastTransitionTime: time,
    })),
  ];
}
