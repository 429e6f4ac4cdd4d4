import type { JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { difference, isEmptySet, union } from './field-set.ts';

/** Who manages which fields, by the manager's id. */
export type ManagedSets = ReadonlyMap<string, FieldSet>;

/** What of a kind decides who manages its fields. */
export interface TrackedType {
  readonly atom: Atom;
  /** Fields that nobody sets through this endpoint, with all that is below them (status on the main resource). */
  readonly ignored: FieldSet;
}

/**
 * After a write that is no apply: the fields that it changed, and what the managers are left with. The writer's
 * own former set is among the managers and loses only what was removed.
 *
 * Models sigs.k8s.io/structured-merge-diff merge.Updater Update.
 */
export function updateManagers(
  { atom, ignored }: TrackedType,
  before: JsonObject,
  after: JsonObject,
  managers: ManagedSets,
  writer: string,
): { changed: FieldSet; managers: Map<string, FieldSet> } {
  const { added, modified, removed: gone } = compare(atom, before, after, ignored);
  const changed = union(modified, added);
  const left = new Map<string, FieldSet>();
  for (const [manager, set] of managers) {
    const kept = difference(set, manager === writer ? gone : union(changed, gone));
    if (!isEmptySet(kept)) left.set(manager, kept);
  }
  return { changed, managers: left };
}
