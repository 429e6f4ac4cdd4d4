import type { Lease } from 'kubernetes-types/coordination/v1';
import type { Node, NodeCondition, Pod } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { isPodReady, podCondition } from '../util/pods.ts';
import { wantedTaints } from './taints.ts';

/** --node-monitor-period, --node-monitor-grace-period and --node-startup-grace-period, in milliseconds. */
const MONITOR_PERIOD = 5000;
const GRACE_PERIOD = 50_000;
const STARTUP_GRACE_PERIOD = 60_000;
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
  readonly #health = new Map<string, NodeHealth>();

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
    this.#leases = context.informers.for<Lease>(RESOURCES.leases).lister;
    nodes.addHandler({
      onAdd: (node) => this.#onNode(node, undefined),
      onUpdate: (old, node) => this.#onNode(node, old),
      onDelete: (node) => {
        const name = node.metadata!.name!;
        this.#health.delete(name);
        this.#recorder.event(
          subjectOf(node, RESOURCES.nodes),
          'Normal',
          'RemovingNode',
          `Node ${name} event: Removing Node ${name} from Controller`,
        );
      },
    });
  }

  async run(): Promise<void> {
    await Promise.all([runWorkers(this.#queue, 8, (name) => this.#taint(name)), this.#monitor()]);
  }

  #onNode(node: Node, old: Node | undefined): void {
    this.#queue.add(node.metadata!.name!);
    // A process that goes on knew the nodes of its first list.
    const { resumeFrom } = this.#context.client.config;
    if (old !== undefined || (resumeFrom !== undefined && !this.#nodeInformer.hasSynced)) return;
    const name = node.metadata!.name!;
    this.#recorder.event(
      subjectOf(node, RESOURCES.nodes),
      'Normal',
      'RegisteredNode',
      `Node ${name} event: Registered Node ${name} in Controller`,
    );
  }

  async #taint(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    if (node === undefined) return;
    const taints = wantedTaints(node, this.#context.clock.now());
    if (deepEqual(taints, node.spec?.taints ?? [])) return;
    const { resourceVersion } = node.metadata!;
    await this.#context.client.patch(RESOURCES.nodes, name, 'strategic', {
      metadata: { resourceVersion },
      spec: { taints: taints.length === 0 ? null : taints },
    });
  }

  /** Looks at all nodes every few seconds. Models monitorNodeHealth. */
  async #monitor(): Promise<void> {
    const { clock, context } = this.#context;
    while (!context.cancelled) {
      for (const node of this.#nodes.list()) {
        try {
          await this.#check(node);
        } catch (error) {
          if (!isServerError(error)) throw error;
        }
      }
      await clock.sleep(MONITOR_PERIOD, { periodic: true, context });
    }
  }

  /** Models tryUpdateNodeHealth. */
  async #check(node: Node): Promise<void> {
    const { clock, client } = this.#context;
    const now = clock.now();
    const name = node.metadata!.name!;
    const health = this.#observe(node, now);
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    const grace = ready === undefined ? STARTUP_GRACE_PERIOD : GRACE_PERIOD;
    if (ready?.status === 'False') await this.#markPodsNotReady(name);
    if (now <= health.heard + grace) return;
    const conditions = silentConditions(node, now);
    if (!deepEqual(conditions, node.status?.conditions ?? [])) {
      const body = { ...node, status: { ...node.status, conditions } };
      await client.update(RESOURCES.nodes, body as { metadata: { name: string } }, { subresource: 'status' });
      if (ready?.status === 'True') {
        this.#recorder.event(
          subjectOf(node, RESOURCES.nodes),
          'Normal',
          'NodeNotReady',
          `Node ${name} status is now: NodeNotReady`,
        );
      }
    }
    await this.#markPodsNotReady(name);
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

  /** The pods of a dead node no longer get traffic. Models MarkPodsNotReady. */
  async #markPodsNotReady(node: string): Promise<void> {
    const { client, clock } = this.#context;
    for (const pod of this.#pods.byIndex('nodeName', node)) {
      if (!isPodReady(pod)) continue;
      const { namespace, name, uid } = pod.metadata!;
      const condition = {
        ...podCondition(pod, 'Ready'),
        status: 'False',
        lastTransitionTime: formatTime(clock.now()),
      };
      const patch = { metadata: { uid }, status: { conditions: [condition] } };
      try {
        await client.patch(RESOURCES.pods, name!, 'strategic', patch, { namespace, subresource: 'status' });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
        continue;
      }
      this.#recorder.event(subjectOf(pod, RESOURCES.pods), 'Warning', 'NodeNotReady', 'Node is not ready');
    }
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
