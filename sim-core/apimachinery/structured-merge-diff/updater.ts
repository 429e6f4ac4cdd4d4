import type { JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { union } from './field-set.ts';

/** Who manages which fields, by the manager's id. */
export type ManagedSets = ReadonlyMap<string, FieldSet>;

/** What of a kind decides who manages its fields. */
export interface TrackedType {
  readonly atom: Atom;
  /** Fields that nobody sets through this endpoint, with all that is below them (status on the main resource). */
  readonly ignored: FieldSet;
  /** Those, and fields that nobody ever manages: what becomes of them is nobody's change. */
  readonly unmanaged: FieldSet;
}

/**
 * What a write did: the fields that it changed or added, which the writer manages from now on and nobody else,
 * and those that are gone. Models sigs.k8s.io/structured-merge-diff merge.Updater update.
 */
export function changesOf(
  { atom, unmanaged }: Omit<TrackedType, 'ignored'>,
  before: JsonObject,
  after: JsonObject,
): { changed: FieldSet; gone: FieldSet } {
  const { added, modified, removed } = compare(atom, before, after, unmanaged);
  return { changed: union(modified, added), gone: removed };
}
