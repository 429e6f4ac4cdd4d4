export interface Reason {
  readonly reason: string;
  readonly message: string;
}

/** Why a container could not be started last time. Models pkg/kubelet/reason_cache.go. */
export class ReasonCache {
  readonly #reasons = new Map<string, Map<string, Reason>>();

  get(uid: string, container: string): Reason | undefined {
    return this.#reasons.get(uid)?.get(container);
  }

  set(uid: string, container: string, reason: Reason): void {
    const ofPod = this.#reasons.get(uid) ?? new Map<string, Reason>();
    this.#reasons.set(uid, ofPod.set(container, reason));
  }

  delete(uid: string, container: string): void {
    this.#reasons.get(uid)?.delete(container);
  }

  deletePod(uid: string): void {
    this.#reasons.delete(uid);
  }
}
