import { decodedEqual } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Strategy, UpdateStrategy } from './rest/strategy.ts';

/** Keeps or raises the generation: it counts changes of the spec. */
export function bumpGeneration(object: KubeObject, old: KubeObject, changed: boolean): void {
  object.metadata.generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0);
}

/**
 * What most kinds with spec and status do: a new object has an empty status and generation 1, an update
 * keeps the status and counts changes of the spec.
 */
export function specAndStatus(
  emptyStatus: () => Record<string, unknown> = () => ({}),
): Required<Pick<Strategy, 'prepareForCreate' | 'prepareForUpdate'>> {
  return {
    prepareForCreate(object) {
      object.status = emptyStatus();
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
      bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
    },
  };
}

/** An update of the status leaves the spec alone. */
export function statusOnly(fillDefaults?: (object: KubeObject) => void): UpdateStrategy {
  return {
    ...(fillDefaults !== undefined && { fillDefaults }),
    prepareForUpdate(object, old) {
      object.spec = old.spec;
    },
  };
}
