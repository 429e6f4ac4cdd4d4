import type { Node, NodeStatus, Taint } from 'kubernetes-types/core/v1';
import { deepCopy, semanticEqual } from '../apimachinery/copy.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import { StatusError, isReason } from '../apimachinery/status.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { ImageService, RuntimeService } from '../cri/runtime-service.ts';
import type { Machine } from '../node/machine.ts';
import { OS_RELEASE } from '../node/simulated-machine.ts';
import type { Klog } from '../client-go/util/klog.ts';
import { statusEvents } from './nodestatus/events.ts';
import type { NodeFacts } from './nodestatus/setters.ts';
import { nodeStatus } from './nodestatus/setters.ts';
import { nodeStatusPatch } from './nodestatus/patch.ts';

export interface NodeStatusConfig {
  readonly nodeName: string;
  /** --register-with-taints. */
  readonly taints: readonly Taint[];
  readonly ids: NodeFacts['ids'];
}

const UPDATE_FREQUENCY_MS = 10_000;
const REPORT_FREQUENCY_MS = 300_000;
/** The client of signs of life waits no longer than until the next. */
const HEARTBEAT = { query: { timeout: '10s' } };
const UPDATE_TRIES = 5;
/** Waits between tries to register: from 100 ms to 7 s. */
const REGISTER_BACKOFF = { initial: 100, max: 7000 };

/**
 * Registers the node and keeps its status up to date.
 *
 * Models pkg/kubelet/kubelet_node_status.go.
 */
export class NodeStatusUpdater {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #machine: Machine;
  readonly #runtime: RuntimeService;
  readonly #images: ImageService;
  readonly #config: NodeStatusConfig;
  /** The node as the informer last saw it. */
  readonly #known: () => Node | undefined;
  readonly #memoryPressure: () => boolean;
  readonly #event: (reason: string) => void;
  #wasUnschedulable = false;
  readonly #log: Klog;
  #reported = -Infinity;
  /** What was found to be equal last. */
  #compared: { readonly node: Node; readonly facts: NodeFacts } | undefined;
  #updating: Promise<void> = Promise.resolve();
  #registered: Node | undefined;

  constructor(
    client: RestClient,
    clock: Clock,
    machine: Machine,
    runtime: RuntimeService,
    images: ImageService,
    sources: {
      readonly known: () => Node | undefined;
      readonly memoryPressure: () => boolean;
      /** Records that the node's status is now such. */
      readonly event: (reason: string) => void;
      readonly log: Klog;
    },
    config: NodeStatusConfig,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#machine = machine;
    this.#runtime = runtime;
    this.#images = images;
    this.#known = sources.known;
    this.#memoryPressure = sources.memoryPressure;
    this.#event = sources.event;
    this.#log = sources.log;
    this.#config = config;
  }

  /** The uid of the Node object; undefined until it is registered. */
  get uid(): string | undefined {
    return (this.#known() ?? this.#registered)?.metadata?.uid;
  }

  /** Tries until the node is there or `context` is cancelled; with `resumed` it was there already. */
  async register(context: Context, { resumed }: { readonly resumed: boolean }): Promise<void> {
    const { nodeName } = this.#config;
    for (
      let wait = REGISTER_BACKOFF.initial;
      !context.cancelled;
      wait = Math.min(wait * 2, REGISTER_BACKOFF.max)
    ) {
      if (!resumed) await this.#clock.sleep(wait, { periodic: true, context });
      if (context.cancelled) return;
      try {
        if (resumed) {
          this.#registered = await this.#client.get<Node>(RESOURCES.nodes, nodeName);
          this.#reported = reportedAt(this.#registered);
          return;
        }
        this.#registered = await this.#tryRegister();
        this.#log('I', 'kubelet_node_status.go:81', `"Successfully registered node" node="${nodeName}"`);
        return;
      } catch (error) {
        if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
        this.#log(
          'E',
          'kubelet_node_status.go:111',
          `"Unable to register node with API server" err=${JSON.stringify(error.message)} node="${nodeName}"`,
        );
      }
      if (resumed) await this.#clock.sleep(wait, { periodic: true, context });
    }
  }

  /** Updates now and at its frequency until `context` is cancelled. */
  async run(context: Context): Promise<void> {
    while (!context.cancelled) {
      await this.update();
      await this.#clock.sleep(UPDATE_FREQUENCY_MS, { periodic: true, context });
    }
  }

  /** One update; a change of importance calls it at once. Calls queue up. */
  update(): Promise<void> {
    this.#updating = this.#updating.then(() => this.#update());
    return this.#updating;
  }

  async #update(): Promise<void> {
    for (let attempt = 0; attempt < UPDATE_TRIES; attempt++) {
      try {
        const known = attempt === 0 ? this.#known() : undefined;
        const node =
          known ?? (await this.#client.get<Node>(RESOURCES.nodes, this.#config.nodeName, HEARTBEAT));
        await this.#tryUpdate(node);
        return;
      } catch (error) {
        if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
        this.#log(
          'E',
          'kubelet_node_status.go:529',
          `"Error updating node status, will retry" err=${JSON.stringify(`error getting node ${JSON.stringify(this.#config.nodeName)}: ${error.message}`)}`,
        );
      }
    }
    this.#log(
      'E',
      'kubelet_node_status.go:515',
      '"Unable to update node status" err="update node status exceeds retry count"',
    );
  }

  async #tryUpdate(node: Node): Promise<void> {
    const now = this.#clock.now();
    const facts = await this.#facts();
    // Nothing to compare: neither the node nor what it is made from has changed since.
    if (
      node === this.#compared?.node &&
      isSame(facts, this.#compared.facts) &&
      now - this.#reported < REPORT_FREQUENCY_MS
    )
      return;
    if (node.spec?.podCIDR !== undefined) {
      await this.#runtime.updateRuntimeConfig({ podCidr: node.spec.podCIDR });
    }
    const status = nodeStatus(node, facts, now);
    this.#tellChanges(node, status);
    const hasChanged = !semanticEqual(withoutHeartbeats(node), withoutHeartbeats({ ...node, status }));
    if (!hasChanged && now - this.#reported < REPORT_FREQUENCY_MS) {
      this.#compared = { node, facts };
      return;
    }
    const patch = nodeStatusPatch(node.status ?? {}, status);
    if (patch === undefined) return;
    await this.#client.patch(RESOURCES.nodes, this.#config.nodeName, 'strategic', patch, {
      subresource: 'status',
      ...HEARTBEAT,
    });
    this.#reported = now;
  }

  /** Models recordNodeSchedulableEvent and the events of the setters. */
  #tellChanges(node: Node, status: NodeStatus): void {
    for (const reason of statusEvents(node, status)) this.#event(reason);
    const isUnschedulable = node.spec?.unschedulable ?? false;
    if (this.#wasUnschedulable !== isUnschedulable) {
      this.#event(isUnschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
    }
    this.#wasUnschedulable = isUnschedulable;
  }

  async #tryRegister(): Promise<Node> {
    const initial = this.#initialNode();
    const status = nodeStatus(initial, await this.#facts(), this.#clock.now());
    const node: Node = { ...initial, status };
    this.#tellChanges(initial, status);
    const { nodeName } = this.#config;
    this.#log('I', 'kubelet_node_status.go:78', `"Attempting to register node" node="${nodeName}"`);
    try {
      const created = await this.#client.create<Node>(RESOURCES.nodes, node);
      this.#reported = this.#clock.now();
      return created;
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
    const existing = await this.#client.get<Node>(RESOURCES.nodes, nodeName);
    this.#log('I', 'kubelet_node_status.go:128', `"Node was previously registered" node="${nodeName}"`);
    return existing;
  }

  #initialNode(): Node {
    const { nodeName, taints } = this.#config;
    return {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name: nodeName,
        labels: {
          'beta.kubernetes.io/arch': OS_RELEASE.architecture,
          'beta.kubernetes.io/os': 'linux',
          'kubernetes.io/arch': OS_RELEASE.architecture,
          'kubernetes.io/hostname': nodeName,
          'kubernetes.io/os': 'linux',
        },
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: { ...(taints.length > 0 && { taints: [...taints] }) },
    };
  }

  async #facts(): Promise<NodeFacts> {
    const { runtimeName, runtimeVersion } = await this.#runtime.version();
    return {
      machine: this.#machine,
      runtimeVersion: `${runtimeName}://${runtimeVersion}`,
      runtimeConditions: await this.#runtime.status(),
      images: await this.#images.listImages(),
      memoryPressure: this.#memoryPressure(),
      ids: this.#config.ids,
    };
  }
}

/** When the node's status was last written, as it says itself. */
function reportedAt({ status }: Node): number {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return Date.parse(ready?.lastHeartbeatTime ?? '') || -Infinity;
}

function isSame(a: NodeFacts, b: NodeFacts): boolean {
  return (
    a.memoryPressure === b.memoryPressure &&
    (a.images === b.images ||
      (a.images.length === b.images.length && a.images.every((image, index) => image === b.images[index]))) &&
    a.runtimeConditions.every(({ status, reason }, index) => {
      const other = b.runtimeConditions[index];
      return status === other?.status && reason === other.reason;
    })
  );
}

/** A node whose status says nothing of when it was last heard of. */
function withoutHeartbeats(node: Node): Node['status'] {
  const status = deepCopy(node.status ?? {});
  for (const condition of status.conditions ?? []) delete condition.lastHeartbeatTime;
  return status;
}
