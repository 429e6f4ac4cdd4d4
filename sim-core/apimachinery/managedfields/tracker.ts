import type { GroupVersionKind, JsonObject } from '../object.ts';
import { apiVersionOf, formatTime } from '../object.ts';
import type { Atom } from '../structured-merge-diff/atom.ts';
import type { FieldSet } from '../structured-merge-diff/field-set.ts';
import { FieldSetPool } from '../structured-merge-diff/field-set-pool.ts';
import { difference, isEmptySet, LEAF, union } from '../structured-merge-diff/field-set.ts';
import { fieldElement } from '../structured-merge-diff/path-element.ts';
import type { TrackedType } from '../structured-merge-diff/updater.ts';
import { changesOf } from '../structured-merge-diff/updater.ts';
import { capUpdateManagers } from './cap-managers.ts';
import type { Managed, Manager } from './entry.ts';
import { entryOf, managerId } from './entry.ts';

const STRIPPED_METADATA: FieldSet = {
  'f:name': LEAF,
  'f:namespace': LEAF,
  'f:creationTimestamp': LEAF,
  'f:selfLink': LEAF,
  'f:uid': LEAF,
  'f:clusterName': LEAF,
  'f:generation': LEAF,
  'f:managedFields': LEAF,
  'f:resourceVersion': LEAF,
};

/** Fields that nobody manages: who an object is, and what the server writes. */
const UNMANAGED: FieldSet = { 'f:apiVersion': LEAF, 'f:kind': LEAF, 'f:metadata': STRIPPED_METADATA };

/** The same as paths of a set, with metadata itself. Models internal/stripmeta.go. */
const STRIPPED: FieldSet = { ...UNMANAGED, 'f:metadata': { '.': LEAF, ...STRIPPED_METADATA } };

/** How another version of the kind sees an object. */
export interface OtherVersion {
  readonly type: TrackedType;
  /** An object of the tracker's version in this one; a new object. */
  convert(object: JsonObject): JsonObject;
}

/** What a write did, as it looks in the version that an entry is about; undefined if nobody knows that version. */
export type Changes = (apiVersion: string) => ReturnType<typeof changesOf> | undefined;

export interface TrackerConfig {
  readonly kind: GroupVersionKind;
  readonly atom: Atom;
  /** "" for the main resource. */
  readonly subresource: string;
  /** Paths that a write through this endpoint leaves as they are: "status", "metadata.labels". */
  readonly resetFields: readonly string[];
  /** The kind in another version of its group: "autoscaling/v2". Missing: it has one version only. */
  otherVersion?(apiVersion: string): OtherVersion | undefined;
}

/**
 * Says who manages what of the objects of one kind after they were written through one endpoint.
 * Models the managers behind FieldManager: internal/{managedfieldsupdater,buildmanagerinfo,stripmeta}.go.
 */
export class Tracker {
  readonly kind: GroupVersionKind;
  readonly type: TrackedType;
  readonly subresource: string;
  readonly #sets = new FieldSetPool();
  readonly #apiVersion: string;
  #last = { second: NaN, text: '' };
  readonly #otherVersion: TrackerConfig['otherVersion'];

  constructor({ kind, atom, subresource, resetFields, otherVersion }: TrackerConfig) {
    this.kind = kind;
    this.subresource = subresource;
    this.type = trackedType(atom, resetFields);
    this.#apiVersion = apiVersionOf(kind);
    this.#otherVersion = otherVersion;
  }

  /** What making `after` of `before` changes, in the eyes of each version. */
  changes(before: JsonObject, after: JsonObject): Changes {
    const known = new Map<string, ReturnType<Changes>>();
    return (apiVersion) => {
      if (known.has(apiVersion)) return known.get(apiVersion);
      const isOwn = apiVersion === this.#apiVersion || this.#otherVersion === undefined;
      const other = isOwn ? undefined : this.#otherVersion(apiVersion);
      const seen = isOwn
        ? changesOf(this.type, before, after)
        : other && changesOf(other.type, other.convert(before), other.convert(after));
      known.set(apiVersion, seen);
      return seen;
    };
  }

  manager(name: string, operation: Manager['operation']): Manager {
    return {
      manager: name === '' ? 'unknown' : name,
      operation,
      apiVersion: this.#apiVersion,
      ...(this.subresource !== '' && { subresource: this.subresource }),
    };
  }

  /** As text; most writes come in the second of the one before. */
  #timeOf(now: number): string {
    const second = Math.floor(now / 1000);
    if (second !== this.#last.second) this.#last = { second, text: formatTime(now) };
    return this.#last.text;
  }

  /** The entries after `name` made `after` of `before`. `now` is in milliseconds. */
  updated(before: JsonObject, after: JsonObject, managed: Managed, name: string, now: number): Managed {
    const who = this.manager(name, 'Update');
    const id = managerId(who);
    const { changed, gone } = changesOf(this.type, before, after);
    const lost = union(changed, gone);
    // Nearly always all entries are of the version that is written.
    let others: Changes | undefined;
    const result: Managed = new Map();
    for (const [other, entry] of managed) {
      let lostHere = other === id ? gone : lost;
      if (entry.apiVersion !== this.#apiVersion && this.#otherVersion !== undefined) {
        const seen = (others ??= this.changes(before, after))(entry.apiVersion);
        // Of a version that is not there any more nobody can tell.
        if (seen === undefined) continue;
        lostHere = union(seen.changed, seen.gone);
      }
      // The writer keeps what it writes again.
      const kept = difference(entry.fieldsV1, lostHere);
      if (kept === entry.fieldsV1) result.set(other, entry);
      else if (!isEmptySet(kept)) result.set(other, entryOf(entry, entry.time, this.#sets.shared(kept)));
    }
    const own = stripped(changed);
    if (!isEmptySet(own)) {
      const known = result.get(id);
      const fields = known === undefined ? own : union(known.fieldsV1, own);
      const time = this.#timeOf(now);
      if (known === undefined || known.fieldsV1 !== fields || known.time !== time) {
        const isKnown = known?.fieldsV1 === fields;
        result.set(id, entryOf(who, time, isKnown ? fields : this.#sets.shared(fields)));
      }
    }
    return capUpdateManagers(result);
  }
}

/** A type of which nobody sets the fields at `paths`. */
export function trackedType(atom: Atom, paths: readonly string[]): TrackedType {
  const ignored = paths.map(pathSet).reduce(union, LEAF);
  return { atom, ignored, unmanaged: union(UNMANAGED, ignored) };
}

export function stripped(set: FieldSet): FieldSet {
  return difference(set, STRIPPED);
}

/** The set of a path like "metadata.labels". */
function pathSet(path: string): FieldSet {
  return path.split('.').reduceRight<FieldSet>((below, name) => ({ [fieldElement(name)]: below }), LEAF);
}

export function setsOf(managed: Managed): ReadonlyMap<string, FieldSet> {
  return new Map([...managed].map(([id, { fieldsV1 }]) => [id, fieldsV1]));
}

/** The entries with what their managers are left with; entries that did not change are themselves. */
export function withSets(managed: Managed, sets: ReadonlyMap<string, FieldSet>): Managed {
  const result: Managed = new Map();
  for (const [id, set] of sets) {
    const entry = managed.get(id)!;
    result.set(id, entry.fieldsV1 === set ? entry : entryOf(entry, entry.time, set));
  }
  return result;
}
