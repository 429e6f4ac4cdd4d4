import type { Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';
import { CONTAINER_NAME_LABEL, POD_UID_LABEL } from '../kuberuntime/pod-status.ts';
import { isCriticalPod, uidOf } from '../types.ts';

export interface EvictionHooks {
  /** Memory of the machine in bytes: all of it, and what its processes hold. */
  memory(): { readonly capacity: number; readonly used: number };
  pods(): readonly Pod[];
  /** Ends a pod; resolves when it has ended. */
  evict(pod: Pod, reason: string, message: string): void;
  /** The condition MemoryPressure came or went. */
  pressureChanged(): void;
  /** An event about the node. */
  record(reason: string, message: string): void;
}

/** memory.available<100Mi. */
const MEMORY_THRESHOLD_BYTES = 100 * 1024 * 1024;
const MONITORING_MS = 10_000;
/** evictionPressureTransitionPeriod: a node counts as pressed for so long after it was. */
const TRANSITION_MS = 300_000;

interface Usage {
  readonly pod: Pod;
  readonly memory: number;
  readonly request: number;
  readonly containers: ReadonlyMap<string, number>;
}

/**
 * Ends pods, those that use most above what they asked for first, before a machine has no memory left.
 * It looks only while something has changed: what rests cannot press.
 *
 * Models pkg/kubelet/eviction.
 */
export class EvictionManager {
  readonly #clock: Clock;
  readonly #runtime: RuntimeService;
  readonly #hooks: EvictionHooks;
  #timer: Timer | undefined;
  #lastPressed = -Infinity;
  #pressed = false;

  constructor(clock: Clock, runtime: RuntimeService, hooks: EvictionHooks) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#hooks = hooks;
  }

  /** Whether the node reports MemoryPressure. */
  get memoryPressure(): boolean {
    return this.#pressed;
  }

  /** Processes hold more or less memory than before. */
  memoryChanged(): void {
    if (this.#timer !== undefined || (!this.#pressed && this.#available() >= MEMORY_THRESHOLD_BYTES)) return;
    this.#timer = this.#clock.schedule(MONITORING_MS, () => void this.#synchronize(), { periodic: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #available(): number {
    const { capacity, used } = this.#hooks.memory();
    return capacity - used;
  }

  async #synchronize(): Promise<void> {
    this.#timer = undefined;
    const available = this.#available();
    const now = this.#clock.now();
    if (available < MEMORY_THRESHOLD_BYTES) this.#lastPressed = now;
    const pressed = now - this.#lastPressed < TRANSITION_MS;
    if (pressed !== this.#pressed) {
      this.#pressed = pressed;
      this.#hooks.pressureChanged();
    }
    if (pressed) {
      this.#timer = this.#clock.schedule(MONITORING_MS, () => void this.#synchronize(), { periodic: true });
    }
    if (available >= MEMORY_THRESHOLD_BYTES) return;
    this.#hooks.record('EvictionThresholdMet', 'Attempting to reclaim memory');
    const victim = (await this.#ranked()).find(({ pod }) => !isCriticalPod(pod));
    if (victim !== undefined) this.#hooks.evict(victim.pod, 'Evicted', messageOf(victim, available));
  }

  /** Those above their request first, then by priority, then by how much above. Models rankMemoryPressure. */
  async #ranked(): Promise<Usage[]> {
    const stats = await this.#runtime.listContainerStats();
    const usages = this.#hooks.pods().map((pod): Usage => {
      const own = stats.filter(({ labels }) => labels[POD_UID_LABEL] === uidOf(pod));
      const requests = pod.spec!.containers.map(({ resources }) => resources?.requests?.['memory']);
      return {
        pod,
        memory: own.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
        request: requests.reduce(
          (sum, text) => sum + (text === undefined ? 0 : Quantity.parse(text).value()),
          0,
        ),
        containers: new Map(
          own.map(({ labels, memoryBytes }) => [labels[CONTAINER_NAME_LABEL]!, memoryBytes]),
        ),
      };
    });
    const over = ({ memory, request }: Usage) => memory - request;
    return usages
      .filter(({ memory }) => memory > 0)
      .sort(
        (a, b) =>
          Number(over(b) > 0) - Number(over(a) > 0) ||
          (a.pod.spec!.priority ?? 0) - (b.pod.spec!.priority ?? 0) ||
          over(b) - over(a),
      );
  }
}

/** Models evictionMessage. */
function messageOf({ pod, containers }: Usage, available: number): string {
  const kibi = (bytes: number) => `${Math.floor(bytes / 1024)}Ki`;
  const consumers = pod.spec!.containers.flatMap(({ name, resources }) => {
    const used = containers.get(name) ?? 0;
    const request = resources?.requests?.['memory'];
    if (used <= (request === undefined ? 0 : Quantity.parse(request).value())) return [];
    return [
      `Container ${name} was using ${kibi(used)}, request is ${request ?? 0}, has larger consumption of memory. `,
    ];
  });
  return `The node was low on resource: memory. Threshold quantity: 100Mi, available: ${kibi(available)}. ${consumers.join('')}`;
}
