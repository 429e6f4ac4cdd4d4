import { deepEqual } from '../copy.ts';
import type { JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import type { FieldSet } from './field-set.ts';
import {
  difference,
  intersection,
  isEmptySet,
  LEAF,
  pathsOf,
  union,
  without,
  withNamedFields,
} from './field-set.ts';
import { merge } from './merge.ts';
import type { PathElement } from './path-element.ts';
import { fieldNameOf } from './path-element.ts';
import { removeItems } from './remove-items.ts';
import { toFieldSet } from './to-field-set.ts';
import type { ManagedSets, TrackedType } from './updater.ts';
import type { changesOf } from './updater.ts';

/** A field that somebody else manages and that an apply would change. */
export interface Conflict {
  /** The other manager's id. */
  readonly manager: string;
  readonly path: readonly PathElement[];
}

/** Models sigs.k8s.io/structured-merge-diff merge.Conflicts. */
export class ConflictsError extends Error {
  override readonly name = 'ConflictsError';
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super(`${conflicts.length} conflicts`);
    this.conflicts = conflicts;
  }
}

/**
 * `live` with `config` applied by `applier`: what it applied before and does not any more goes, unless
 * others manage it. `changes` says what of that another manager sees; one that sees nothing manages nothing any
 * more. The object is undefined if nothing changes. Throws a ConflictsError unless `force`.
 *
 * Models sigs.k8s.io/structured-merge-diff merge.Updater Apply.
 */
export function apply(
  { atom, ignored }: TrackedType,
  live: JsonObject,
  config: JsonObject,
  managers: ManagedSets,
  applier: string,
  force: boolean,
  changes: (
    live: JsonObject,
    object: JsonObject,
  ) => (manager: string) => ReturnType<typeof changesOf> | undefined,
): { object: JsonObject | undefined; managers: Map<string, FieldSet> } {
  const before = managers.get(applier);
  const sets = new Map(managers);
  sets.set(applier, without(toFieldSet(atom, config), ignored));
  const merged = merge(atom, live, config);
  const object = before === undefined ? merged : prune(atom, merged, sets, before);

  const seenBy = changes(live, object);
  const conflicts: Conflict[] = [];
  const left = new Map<string, FieldSet>();
  for (const [manager, set] of sets) {
    if (manager === applier) {
      if (!isEmptySet(set)) left.set(manager, set);
      continue;
    }
    const seen = seenBy(manager);
    if (seen === undefined) continue;
    const conflicting = intersection(set, seen.changed);
    conflicts.push(...pathsOf(conflicting).map((path) => ({ manager, path })));
    const kept = difference(difference(set, conflicting), seen.gone);
    if (!isEmptySet(kept)) left.set(manager, kept);
  }
  if (!force && conflicts.length > 0) throw new ConflictsError(conflicts);
  return { object: deepEqual(live, object) ? undefined : object, managers: left };
}

/** Models Updater.prune. */
function prune(atom: Atom, merged: JsonObject, managers: ManagedSets, last: FieldSet): JsonObject {
  if (isEmptySet(last)) return merged;
  const named = (set: FieldSet) => withNames(atom, set);
  const lastNamed = named(last);
  const all = named(toFieldSet(atom, merged));
  const fieldsOf = (object: JsonObject) => named(toFieldSet(atom, object));

  // Without what was applied last, but with all that anybody manages now.
  const bare = removeItems(atom, merged, lastNamed);
  const managed = [...managers.values()].reduce(union, LEAF);
  const owned = removeItems(atom, merged, difference(all, union(fieldsOf(bare), named(managed))));
  // Fields that nobody managed hang on what was removed: they stay.
  return removeItems(atom, merged, intersection(difference(all, fieldsOf(owned)), lastNamed));
}

function withNames(type: Atom, set: FieldSet): FieldSet {
  return withNamedFields<Atom>(set, type, (atom, element) => {
    const name = fieldNameOf(element);
    switch (atom?.kind) {
      case 'structure': {
        const field = name === undefined ? undefined : atom.fields.get(name);
        return { named: field !== undefined, structure: field?.atom };
      }
      case 'map':
        return { named: false, structure: atom.values };
      case 'set':
      case 'associative-list':
        return { named: false, structure: atom.items };
      default:
        return { named: false, structure: undefined };
    }
  });
}
