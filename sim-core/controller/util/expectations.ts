import type { Clock } from '../../clock/clock.ts';

/** After this long a controller no longer waits for what it has not seen. */
const TIMEOUT = 300_000;

interface Expectation {
  readonly created: number;
  adds: number;
  readonly deletions: Set<string>;
}

/**
 * What a controller did and its informer has not shown yet: until it has, the controller must not
 * count pods, or it would make or delete some twice.
 *
 * Models pkg/controller ControllerExpectations and UIDTrackingControllerExpectations.
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #expectations = new Map<string, Expectation>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if all was seen, nothing is expected, or the wait was too long. */
  satisfied(controller: string): boolean {
    const expectation = this.#expectations.get(controller);
    if (expectation === undefined) return true;
    if (expectation.adds <= 0 && expectation.deletions.size === 0) return true;
    return this.#clock.now() - expectation.created > TIMEOUT;
  }

  /** Expects `adds` new pods and that the pods with these keys go. Replaces what was expected. */
  expect(controller: string, adds: number, deletions: readonly string[] = []): void {
    this.#expectations.set(controller, {
      created: this.#clock.now(),
      adds,
      deletions: new Set(deletions),
    });
  }

  /** A pod came, or could not be made. */
  creationObserved(controller: string): void {
    const expectation = this.#expectations.get(controller);
    if (expectation !== undefined) expectation.adds--;
  }

  /** A pod went, or could not be deleted. */
  deletionObserved(controller: string, pod: string): void {
    this.#expectations.get(controller)?.deletions.delete(pod);
  }

  forget(controller: string): void {
    this.#expectations.delete(controller);
  }
}
