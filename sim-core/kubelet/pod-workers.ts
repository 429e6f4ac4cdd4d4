import type { Pod } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import { BACK_OFF_PERIOD_MS, SyncError } from './kuberuntime/errors.ts';
import type { Klog } from '../client-go/util/klog.ts';
import {
  fullNameOf,
  gracePeriodOf,
  isDeleting,
  isFinished,
  isStaticPod,
  nameOf,
  namespaceOf,
  uidOf,
} from './types.ts';

/** What a worker calls; all of it for one pod at a time. Models pkg/kubelet/pod_workers.go podSyncer. */
export interface PodSyncer {
  /** Makes the pod run. True if it has come to its end. Rejects with a SyncError to be called again. */
  syncPod(pod: Pod, context: Context): Promise<boolean>;
  /** Resolves when no container of the pod runs any more. */
  syncTerminatingPod(pod: Pod, gracePeriodSeconds: number | undefined): Promise<void>;
  /** Takes the rest of the pod's resources away; `removed`: its source no longer has it. */
  syncTerminatedPod(pod: Pod, removed: boolean): Promise<void>;
}

/**
 * A pod's life on the node goes one way:
 *
 *     syncing ──(deleted, finished or removed)──► terminating ──► terminated ──► finished
 */
type Phase = 'syncing' | 'terminating' | 'terminated' | 'finished';

interface PodState {
  pod: Pod;
  phase: Phase;
  gracePeriodSeconds: number | undefined;
  /** The source has no such pod any more: forget it when it is finished. */
  removed: boolean;
  /** The same uid came back while it was ending. */
  restart: Pod | undefined;
  working: boolean;
  dirty: boolean;
  retry: Timer | undefined;
  /** Cancelled when the phase changes or the kubelet stops. */
  context: Context;
}

/** How much longer than asked for a retry may take, so that not all pods come back at once. */
const JITTER = 0.5;
/** A retry that waits at least this long is standing trouble, not work that is under way. */
const STANDING_TROUBLE_MS = 1000;

/**
 * One sequence of syncs per pod, so that what is done to a pod never overlaps.
 *
 * Models pkg/kubelet/pod_workers.go.
 */
export class PodWorkers {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #syncer: PodSyncer;
  readonly #context: Context;
  readonly #states = new Map<string, PodState>();
  /** Full names of static pods, to the uid that has the name; others wait for it to end. */
  readonly #staticNames = new Map<string, string>();
  readonly #waitingStatics = new Map<string, Pod[]>();
  readonly #log: Klog;

  /** Stops everything, without ending a pod, when `context` is cancelled. */
  constructor(clock: Clock, rand: Rand, syncer: PodSyncer, log: Klog, context: Context) {
    this.#clock = clock;
    this.#log = log;
    this.#rand = rand;
    this.#syncer = syncer;
    this.#context = context;
    context.onCancel(() => {
      for (const state of this.#states.values()) state.retry?.cancel();
    });
  }

  /** The pod is there, or has changed. */
  update(pod: Pod): void {
    const state = this.#states.get(uidOf(pod));
    if (state === undefined) {
      this.#start(pod);
      return;
    }
    if (state.phase !== 'syncing') {
      // The deletion's details may still change; the rest no longer matters.
      if (state.removed) state.restart = pod;
      else {
        state.pod = pod;
        if (state.phase === 'terminating' && isDeleting(pod)) this.#hurry(state, gracePeriodOf(pod));
      }
      if (state.phase === 'finished') this.#poke(state);
      return;
    }
    state.pod = pod;
    if (isDeleting(pod)) this.#terminate(state, gracePeriodOf(pod));
    else this.#poke(state);
  }

  /** Something happened to the pod's containers. */
  sync(uid: string): void {
    const state = this.#states.get(uid);
    if (state?.phase === 'syncing') this.#poke(state);
  }

  /** The source no longer has the pod: it must end, whatever it says. */
  remove(pod: Pod): void {
    const uid = uidOf(pod);
    const waiting = this.#waitingStatics.get(fullNameOf(pod));
    if (waiting !== undefined) {
      this.#waitingStatics.set(
        fullNameOf(pod),
        waiting.filter((each) => uidOf(each) !== uid),
      );
    }
    const state = this.#states.get(uid);
    if (state === undefined) return;
    state.removed = true;
    state.restart = undefined;
    if (state.phase === 'syncing') this.#terminate(state, state.gracePeriodSeconds);
    else if (state.phase === 'finished') this.#forget(state);
  }

  /** Ends a pod that its source still has (eviction, a critical shutdown). */
  kill(uid: string, gracePeriodSeconds: number | undefined): void {
    const state = this.#states.get(uid);
    if (state?.phase === 'syncing') this.#terminate(state, gracePeriodSeconds);
  }

  /** True from the moment that no container of the pod runs or will run. */
  isTerminated(uid: string): boolean {
    const phase = this.#states.get(uid)?.phase;
    return phase === 'terminated' || phase === 'finished';
  }

  isTerminating(uid: string): boolean {
    const state = this.#states.get(uid);
    return state !== undefined && state.phase !== 'syncing';
  }

  #start(pod: Pod): void {
    const uid = uidOf(pod);
    if (isStaticPod(pod)) {
      const name = fullNameOf(pod);
      const holder = this.#staticNames.get(name);
      if (holder !== undefined && holder !== uid) {
        const waiting = (this.#waitingStatics.get(name) ?? []).filter((each) => uidOf(each) !== uid);
        this.#waitingStatics.set(name, [...waiting, pod]);
        return;
      }
      this.#staticNames.set(name, uid);
    }
    const state: PodState = {
      pod,
      phase: 'syncing',
      gracePeriodSeconds: undefined,
      removed: false,
      restart: undefined,
      working: false,
      dirty: false,
      retry: undefined,
      context: this.#context.child(),
    };
    this.#states.set(uid, state);
    if (isDeleting(pod)) this.#terminate(state, gracePeriodOf(pod));
    else if (isFinished(pod.status)) this.#terminate(state, undefined);
    else this.#poke(state);
  }

  #terminate(state: PodState, gracePeriodSeconds: number | undefined): void {
    state.phase = 'terminating';
    state.gracePeriodSeconds = gracePeriodSeconds;
    state.context.cancel('the pod is terminating');
    this.#poke(state);
  }

  /** The pod is to end sooner than it was told. */
  #hurry(state: PodState, gracePeriodSeconds: number): void {
    if (gracePeriodSeconds >= (state.gracePeriodSeconds ?? Infinity)) return;
    state.gracePeriodSeconds = gracePeriodSeconds;
    const stop = this.#syncer.syncTerminatingPod(state.pod, gracePeriodSeconds);
    stop.catch((error: unknown) => {
      if (!(error instanceof SyncError)) throw error;
    });
  }

  #poke(state: PodState): void {
    state.dirty = true;
    state.retry?.cancel();
    state.retry = undefined;
    if (state.working || this.#context.cancelled) return;
    state.working = true;
    void this.#work(state);
  }

  async #work(state: PodState): Promise<void> {
    while (state.dirty && !this.#context.cancelled) {
      state.dirty = false;
      try {
        await this.#step(state);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        const { pod } = state;
        this.#log(
          'E',
          'pod_workers.go:1324',
          `"Error syncing pod, skipping" err=${JSON.stringify(error.message)} pod="${namespaceOf(pod)}/${nameOf(pod)}" podUID="${uidOf(pod)}"`,
        );
        this.#retryLater(state, error.retryAfter);
      }
    }
    state.working = false;
    if (state.phase === 'finished' && state.removed) this.#forget(state);
  }

  async #step(state: PodState): Promise<void> {
    const { pod } = state;
    switch (state.phase) {
      case 'syncing': {
        const isOver = await this.#syncer.syncPod(pod, state.context);
        // Meanwhile the pod may have been told to end.
        if (isOver && state.phase === 'syncing') this.#enter(state, 'terminating');
        return;
      }
      case 'terminating':
        await this.#syncer.syncTerminatingPod(pod, state.gracePeriodSeconds);
        this.#enter(state, 'terminated');
        return;
      case 'terminated':
        await this.#syncer.syncTerminatedPod(state.pod, state.removed);
        this.#enter(state, 'finished');
        return;
      case 'finished':
        // A pod that ended by itself is deleted now: its last status must say so.
        await this.#syncer.syncTerminatedPod(state.pod, state.removed);
    }
  }

  #enter(state: PodState, phase: Phase): void {
    state.phase = phase;
    state.dirty = phase !== 'finished';
  }

  #retryLater(state: PodState, delay: number): void {
    if (state.dirty || state.phase === 'finished' || this.#context.cancelled) return;
    const wait = Math.min(delay, BACK_OFF_PERIOD_MS) * (1 + JITTER * this.#rand.float());
    state.retry = this.#clock.schedule(Math.ceil(wait), () => this.#poke(state), {
      periodic: wait >= STANDING_TROUBLE_MS,
    });
  }

  #forget(state: PodState): void {
    if (state.working) return;
    const { pod, restart } = state;
    this.#states.delete(uidOf(pod));
    if (!isStaticPod(pod)) return;
    const name = fullNameOf(pod);
    if (this.#staticNames.get(name) === uidOf(pod)) this.#staticNames.delete(name);
    const waiting = this.#waitingStatics.get(name) ?? [];
    const next = restart ?? waiting.shift();
    if (waiting.length === 0) this.#waitingStatics.delete(name);
    if (next !== undefined) this.#start(next);
  }
}
