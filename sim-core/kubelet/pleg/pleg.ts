import type { Clock, Timer } from '../../clock/clock.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';

/** The runtime is looked at this often. */
const RELIST_PERIOD_MS = 1000;

/**
 * Notices what happened to containers and tells which pods changed. It looks once a second, as
 * upstream does, but only when the runtime has something to tell.
 *
 * Models pkg/kubelet/pleg GenericPLEG.
 */
export class PodLifecycleEventGenerator {
  readonly #clock: Clock;
  readonly #changed = new Set<string>();
  readonly #started: number;
  readonly #unsubscribe: () => void;
  #timer: Timer | undefined;

  /** `podChanged` is called with the uids of pods, once per look. */
  constructor(clock: Clock, runtime: RuntimeService, podChanged: (uid: string) => void) {
    this.#clock = clock;
    this.#started = clock.now();
    this.#unsubscribe = runtime.containerEvents(({ type, podSandbox }) => {
      if (type === 'CONTAINER_CREATED_EVENT') return;
      this.#changed.add(podSandbox.uid);
      this.#timer ??= this.#clock.schedule(this.#untilNextLook(), () => {
        this.#timer = undefined;
        const uids = [...this.#changed];
        this.#changed.clear();
        for (const uid of uids) podChanged(uid);
      });
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.#timer?.cancel();
  }

  #untilNextLook(): number {
    return RELIST_PERIOD_MS - ((this.#clock.now() - this.#started) % RELIST_PERIOD_MS);
  }
}
