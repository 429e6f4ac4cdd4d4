import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import type { ClusterEvent } from '../framework/interface.ts';
import { ActiveQueue } from './active-queue.ts';
import { InFlightEvents } from './in-flight-events.ts';
import { Nominator } from './nominator.ts';

/** A pod that waits for a node. Models framework.QueuedPodInfo. */
export interface QueuedPodInfo {
  readonly key: string;
  readonly pod: Pod;
  /** Counts the pods that came into the queue: equal ones are tried in this order. */
  readonly order: number;
  readonly attempts: number;
  /** When it was last found unschedulable. */
  readonly since: number;
  /** The plugins that refused nodes in the last attempt; undefined if it ended with an error. */
  readonly refusedBy: ReadonlySet<string> | undefined;
}

/** Says if an event may make a pod schedulable that these plugins refused. */
export type MayHelp = (pod: Pod, refusedBy: ReadonlySet<string>, event: ClusterEvent) => boolean;

const INITIAL_BACKOFF = 1000;
const MAX_BACKOFF = 10_000;
const UNSCHEDULABLE_LIMIT = 300_000;
const FLUSH_INTERVAL = 30_000;

/**
 * Pods without a node, in three places:
 *
 *     active         are tried next
 *     backoff        something happened that may help; tried when their backoff is over,
 *                    or earlier if nobody else is there
 *     unschedulable  wait for something to happen, five minutes at most
 *
 * Models pkg/scheduler/backend/queue PriorityQueue.
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #context: Context;
  readonly #mayHelp: MayHelp;
  readonly #active = new ActiveQueue();
  readonly #backoff = new Map<string, { readonly info: QueuedPodInfo; readonly timer: Timer }>();
  readonly #unschedulable = new Map<string, QueuedPodInfo>();
  /** Pods in a scheduling cycle, with what has happened since it began. */
  readonly #inFlight = new InFlightEvents<ClusterEvent>();
  readonly nominator = new Nominator();
  #wake: (() => void) | undefined;
  #order = 0;

  /** Shuts down when `context` is cancelled. */
  constructor(clock: Clock, context: Context, mayHelp: MayHelp) {
    this.#clock = clock;
    this.#context = context;
    this.#mayHelp = mayHelp;
    context.onCancel(() => {
      for (const { timer } of this.#backoff.values()) timer.cancel();
      this.#wake?.();
    });
    void this.#flushLeftover();
  }

  /** A new pod. */
  add(pod: Pod): void {
    this.nominator.set(pod);
    this.#activate({
      key: keyOf(pod),
      pod,
      order: this.#order++,
      attempts: 0,
      since: this.#clock.now(),
      refusedBy: new Set(),
    });
  }

  /** A waiting pod changed; one that was refused is tried again if more than its status changed. */
  update(old: Pod, pod: Pod): void {
    const key = keyOf(pod);
    // What was decided here comes before what the apiserver has heard of it.
    this.nominator.set(pod, pod.status?.nominatedNodeName ?? this.nominator.nodeOf(pod));
    const active = this.#active.delete(key);
    if (active !== undefined) return this.#activate({ ...active, pod });
    const waiting = this.#backoff.get(key);
    if (waiting !== undefined) {
      this.#backoff.set(key, { ...waiting, info: { ...waiting.info, pod } });
      return;
    }
    const refused = this.#unschedulable.get(key);
    if (refused === undefined) {
      if (!this.#inFlight.has(key)) this.add(pod);
      return;
    }
    const info = { ...refused, pod };
    if (isSameButStatus(old, pod)) this.#unschedulable.set(key, info);
    else {
      this.#unschedulable.delete(key);
      this.#requeue(info);
    }
  }

  delete(pod: Pod): void {
    const key = keyOf(pod);
    this.nominator.delete(pod);
    this.#active.delete(key);
    this.#backoff.get(key)?.timer.cancel();
    this.#backoff.delete(key);
    this.#unschedulable.delete(key);
  }

  /** The next pod to try, as soon as there is one; undefined once shut down. Ends with {@link done}. */
  async pop(): Promise<QueuedPodInfo | undefined> {
    while (!this.#context.cancelled) {
      const info = this.#active.pop() ?? this.#popBackoff();
      if (info !== undefined) {
        this.#inFlight.begin(info.key);
        return { ...info, attempts: info.attempts + 1 };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return undefined;
  }

  /** The cycle of a popped pod is over. */
  done(key: string): void {
    this.#inFlight.end(key);
  }

  /**
   * Puts a popped pod back that no node took. `pod` is what the pod is now. An empty `refusedBy`:
   * any event may help; undefined: an error, so it is tried again after its backoff.
   */
  addUnschedulable(info: QueuedPodInfo, pod: Pod, refusedBy: ReadonlySet<string> | undefined): void {
    const next = { ...info, pod, refusedBy, since: this.#clock.now() };
    const events = this.#inFlight.since(info.key);
    if (
      refusedBy === undefined ||
      events.some((event) => this.#mayHelp(pod, refusedBy, event)) ||
      !isSameButStatus(info.pod, pod)
    ) {
      this.#requeue(next);
    } else {
      this.#unschedulable.set(info.key, next);
    }
  }

  /** Wakes the pods that `event` may help. */
  moveAll(event: ClusterEvent): void {
    this.#inFlight.add(event);
    if (this.#unschedulable.size === 0) return;
    for (const [key, info] of [...this.#unschedulable]) {
      if (!this.#mayHelp(info.pod, info.refusedBy ?? new Set(), event)) continue;
      this.#unschedulable.delete(key);
      this.#requeue(info);
    }
  }

  #activate(info: QueuedPodInfo): void {
    this.#active.push(info);
    this.#wake?.();
  }

  #requeue(info: QueuedPodInfo): void {
    const delay = info.since + backoffOf(info.attempts) - this.#clock.now();
    if (delay <= 0) return this.#activate(info);
    const timer = this.#clock.schedule(delay, () => {
      const waiting = this.#backoff.get(info.key);
      this.#backoff.delete(info.key);
      if (waiting !== undefined) this.#activate(waiting.info);
    });
    this.#backoff.set(info.key, { info, timer });
    this.#wake?.();
  }

  /** A pod whose last attempt ended with an error keeps its backoff; a refused one need not wait. */
  #popBackoff(): QueuedPodInfo | undefined {
    for (const [key, { info, timer }] of this.#backoff) {
      if (info.refusedBy === undefined) continue;
      timer.cancel();
      this.#backoff.delete(key);
      return info;
    }
    return undefined;
  }

  /** Gives pods another try that nothing helped for five minutes. */
  async #flushLeftover(): Promise<void> {
    while (!this.#context.cancelled) {
      await this.#clock.sleep(FLUSH_INTERVAL, { periodic: true, context: this.#context });
      for (const [key, info] of [...this.#unschedulable]) {
        if (this.#clock.now() - info.since <= UNSCHEDULABLE_LIMIT) continue;
        this.#unschedulable.delete(key);
        this.#requeue(info);
      }
    }
  }
}

/** 1 s after the first attempt, twice as long after each further one, 10 s at most. */
function backoffOf(attempts: number): number {
  return Math.min(MAX_BACKOFF, INITIAL_BACKOFF * 2 ** Math.max(0, attempts - 1));
}

function isSameButStatus(a: Pod, b: Pod): boolean {
  return (
    a === b ||
    (semanticEqual(a.spec, b.spec) &&
      semanticEqual(a.metadata?.labels, b.metadata?.labels) &&
      semanticEqual(a.metadata?.annotations, b.metadata?.annotations))
  );
}
