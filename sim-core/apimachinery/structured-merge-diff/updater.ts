import { deepEqual } from '../copy.ts';
import type { JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { compare } from './compare.ts';
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

/** Who manages which fields, by the manager's id. */
export type ManagedSets = ReadonlyMap<string, FieldSet>;

/**
 * Computes who manages which fields after a write, and what an apply makes of an object.
 *
 * Models sigs.k8s.io/structured-merge-diff merge.Updater.
 */
export class Updater {
  readonly #atom: Atom;
  readonly #ignored: FieldSet;

  /** Fields of `ignored` and below are set by nobody through this endpoint (status on the main resource). */
  constructor(atom: Atom, ignored: FieldSet) {
    this.#atom = atom;
    this.#ignored = ignored;
  }

  /**
   * After a write that is no apply: the fields that it changed, and what the managers are left with.
   * The writer's own former set is among the managers and loses only what was removed.
   */
  update(
    before: JsonObject,
    after: JsonObject,
    managers: ManagedSets,
    writer: string,
  ): { changed: FieldSet; managers: Map<string, FieldSet> } {
    const { added, modified, removed: gone } = compare(this.#atom, before, after, this.#ignored);
    const changed = union(modified, added);
    const left = new Map<string, FieldSet>();
    for (const [manager, set] of managers) {
      const kept = difference(set, manager === writer ? gone : union(changed, gone));
      if (!isEmptySet(kept)) left.set(manager, kept);
    }
    return { changed, managers: left };
  }

  /**
   * `live` with `config` applied by `applier`: what it applied before and does not any more goes, unless
   * others manage it. The object is undefined if nothing changes. Throws a ConflictsError unless `force`.
   */
  apply(
    live: JsonObject,
    config: JsonObject,
    managers: ManagedSets,
    applier: string,
    force: boolean,
  ): { object: JsonObject | undefined; managers: Map<string, FieldSet> } {
    const before = managers.get(applier);
    const sets = new Map(managers);
    sets.set(applier, without(toFieldSet(this.#atom, config), this.#ignored));
    const merged = merge(this.#atom, live, config);
    const object = before === undefined ? merged : this.#prune(merged, sets, before);

    const { added, modified, removed: gone } = compare(this.#atom, live, object, this.#ignored);
    const changed = union(modified, added);
    const conflicts: Conflict[] = [];
    const left = new Map<string, FieldSet>();
    for (const [manager, set] of sets) {
      if (manager === applier) {
        if (!isEmptySet(set)) left.set(manager, set);
        continue;
      }
      const conflicting = intersection(set, changed);
      conflicts.push(...pathsOf(conflicting).map((path) => ({ manager, path })));
      const kept = difference(difference(set, conflicting), gone);
      if (!isEmptySet(kept)) left.set(manager, kept);
    }
    if (!force && conflicts.length > 0) throw new ConflictsError(conflicts);
    return { object: deepEqual(live, object) ? undefined : object, managers: left };
  }

  /** Models Updater.prune. */
  #prune(merged: JsonObject, managers: ManagedSets, last: FieldSet): JsonObject {
    if (isEmptySet(last)) return merged;
    const named = (set: FieldSet) => this.#withNamedFields(set);
    const lastNamed = named(last);
    const all = named(toFieldSet(this.#atom, merged));
    const fieldsOf = (object: JsonObject) => named(toFieldSet(this.#atom, object));

    // Without what was applied last, but with all that anybody manages now.
    const bare = removeItems(this.#atom, merged, lastNamed);
    const managed = [...managers.values()].reduce(union, LEAF);
    const owned = removeItems(this.#atom, merged, difference(all, union(fieldsOf(bare), named(managed))));
    // Fields that nobody managed hang on what was removed: they stay.
    return removeItems(this.#atom, merged, intersection(difference(all, fieldsOf(owned)), lastNamed));
  }

  #withNamedFields(set: FieldSet): FieldSet {
    return withNamedFields<Atom>(set, this.#atom, (atom, element) => {
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
}
