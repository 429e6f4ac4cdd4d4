import type { Json, JsonObject, KubeObject } from '../object.ts';
import { entriesForUpdate, sortedEntries } from './entry.ts';
import type { TrackerConfig } from './tracker.ts';
import { Tracker } from './tracker.ts';

/**
 * Keeps metadata.managedFields of one kind through one endpoint. What an apply does is in apply.ts, which is
 * fetched when somebody applies.
 *
 * Models k8s.io/apimachinery/pkg/util/managedfields FieldManager.
 */
export class FieldManager {
  readonly tracker: Tracker;

  constructor(config: TrackerConfig) {
    this.tracker = new Tracker(config);
  }

  /**
   * Records that `manager` made `object` of `live` (undefined: of nothing). Changes `object.metadata.managedFields`.
   * `now` is in milliseconds. Models FieldManager.Update.
   */
  update(live: KubeObject | undefined, object: KubeObject, manager: string, now: number): void {
    const { metadata } = object;
    const stored = live?.metadata.managedFields;
    const managed = entriesForUpdate(stored, metadata.managedFields, this.tracker.subresource !== '');
    delete metadata.managedFields;
    // What was not tracked from its beginning is tracked from the first apply on.
    if (managed.size === 0 && live !== undefined) return;
    const before = (live ?? { metadata: {} }) as unknown as JsonObject;
    const updated = this.tracker.updated(before, object as unknown as JsonObject, managed, manager, now);
    if (updated.size === 0) return;
    const isUnchanged =
      stored?.length === updated.size &&
      [...updated.values()].every((entry) => stored.includes(entry as unknown as Json));
    metadata.managedFields = isUnchanged ? stored : sortedEntries(updated);
  }
}
