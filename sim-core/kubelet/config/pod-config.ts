import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import type { PodSource } from '../types.ts';
import { isDeleting, uidOf } from '../types.ts';

/** What a source says of a pod. Models pkg/kubelet/types PodOperation. */
export type PodUpdate = {
  readonly operation: 'add' | 'update' | 'delete' | 'remove' | 'reconcile';
  readonly pod: Pod;
  readonly source: PodSource;
};

/**
 * Joins the sources of pods: compares what a source says with what it said before and tells the
 * kubelet what is new.
 *
 * Models pkg/kubelet/config/config.go podStorage.
 */
export class PodConfig {
  readonly #pods = new Map<string, Pod>();
  readonly #notify: (update: PodUpdate) => void;

  constructor(notify: (update: PodUpdate) => void) {
    this.#notify = notify;
  }

  /** The source has this pod now. */
  set(source: PodSource, pod: Pod): void {
    const uid = uidOf(pod);
    const known = this.#pods.get(uid);
    this.#pods.set(uid, pod);
    if (known === undefined) {
      this.#notify({ operation: isDeleting(pod) ? 'delete' : 'add', pod, source });
    } else if (hasMeaningfulChange(known, pod)) {
      this.#notify({ operation: isDeleting(pod) ? 'delete' : 'update', pod, source });
    } else if (!semanticEqual(known.status, pod.status)) {
      this.#notify({ operation: 'reconcile', pod, source });
    }
  }

  /** The source has no such pod any more. */
  remove(source: PodSource, uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) return;
    this.#pods.delete(uid);
    this.#notify({ operation: 'remove', pod, source });
  }
}

/** Models pkg/kubelet/config podsDifferSemantically. */
function hasMeaningfulChange(known: Pod, pod: Pod): boolean {
  const fieldsOf = ({ metadata, spec }: Pod) => [
    spec,
    metadata?.labels,
    metadata?.deletionTimestamp,
    metadata?.deletionGracePeriodSeconds,
    metadata?.annotations,
  ];
  return !semanticEqual(fieldsOf(known), fieldsOf(pod));
}
