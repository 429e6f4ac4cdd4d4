import type { Pod, PodStatus } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../../clock/clock.ts';
import { uidOf } from '../types.ts';

/** Of a pod that ran too long. */
export const DEADLINE_EXCEEDED = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
} as const;

/**
 * Watches over activeDeadlineSeconds.
 *
 * Models pkg/kubelet/active_deadline.go.
 */
export class ActiveDeadlines {
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();
  readonly #due: (uid: string) => void;

  /** `due` is called with the uid of a pod whose time is up. */
  constructor(clock: Clock, due: (uid: string) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** True if the pod's time is up; otherwise it is remembered when that will be. */
  exceeded(pod: Pod, status: PodStatus | undefined): boolean {
    const { activeDeadlineSeconds } = pod.spec!;
    const started = status?.startTime;
    if (activeDeadlineSeconds === undefined || started === undefined) return false;
    const left = Date.parse(started) + activeDeadlineSeconds * 1000 - this.#clock.now();
    if (left <= 0) return true;
    this.forget(uidOf(pod));
    const timer = this.#clock.schedule(left, () => this.#due(uidOf(pod)), { periodic: true });
    this.#timers.set(uidOf(pod), timer);
    return false;
  }

  forget(uid: string): void {
    this.#timers.get(uid)?.cancel();
    this.#timers.delete(uid);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }
}
