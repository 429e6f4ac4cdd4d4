import type { Pod } from 'kubernetes-types/core/v1';
import { fullNameOf, isMirrorPod, isStaticPod, uidOf } from '../types.ts';

/**
 * The pods that this kubelet should run, as their sources say, and the mirror pods of the static ones.
 *
 * Models pkg/kubelet/pod/pod_manager.go.
 */
export class PodManager {
  readonly #pods = new Map<string, Pod>();
  readonly #podsByFullName = new Map<string, Pod>();
  readonly #mirrors = new Map<string, Pod>();
  readonly #mirrorsByFullName = new Map<string, Pod>();

  /** Adds or replaces a pod or a mirror pod. */
  set(pod: Pod): void {
    const [byUid, byFullName] = this.#mapsFor(pod);
    byUid.set(uidOf(pod), pod);
    byFullName.set(fullNameOf(pod), pod);
  }

  remove(pod: Pod): void {
    const [byUid, byFullName] = this.#mapsFor(pod);
    byUid.delete(uidOf(pod));
    const sameName = byFullName.get(fullNameOf(pod));
    if (sameName !== undefined && uidOf(sameName) === uidOf(pod)) byFullName.delete(fullNameOf(pod));
  }

  /** Mirror pods left out. */
  list(): Pod[] {
    return [...this.#pods.values()];
  }

  /** Mirror pods left out. */
  get size(): number {
    return this.#pods.size;
  }

  byUid(uid: string): Pod | undefined {
    return this.#pods.get(uid);
  }

  /** The static pod behind a mirror pod. */
  podOfMirror(mirror: Pod): Pod | undefined {
    return this.#podsByFullName.get(fullNameOf(mirror));
  }

  /** The mirror pod of a static pod. */
  mirrorOf(pod: Pod): Pod | undefined {
    return this.#mirrorsByFullName.get(fullNameOf(pod));
  }

  /** Mirror pods without a static pod. */
  orphanedMirrors(): Pod[] {
    return [...this.#mirrors.values()].filter((mirror) => this.podOfMirror(mirror) === undefined);
  }

  /** The uid under which the apiserver knows the pod: the mirror pod's for a static pod. */
  apiUid(pod: Pod): string | undefined {
    if (!isStaticPod(pod)) return uidOf(pod);
    const mirror = this.mirrorOf(pod);
    return mirror && uidOf(mirror);
  }

  #mapsFor(pod: Pod): [Map<string, Pod>, Map<string, Pod>] {
    return isMirrorPod(pod) ? [this.#mirrors, this.#mirrorsByFullName] : [this.#pods, this.#podsByFullName];
  }
}
