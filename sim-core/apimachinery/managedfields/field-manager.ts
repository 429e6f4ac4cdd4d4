import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../object.ts';
import { apiVersionOf, formatTime, parseApiVersion } from '../object.ts';
import { badRequestError, unknownError } from '../status.ts';
import type { Atom } from '../structured-merge-diff/atom.ts';
import type { FieldSet } from '../structured-merge-diff/field-set.ts';
import { difference, isEmptySet, LEAF, union } from '../structured-merge-diff/field-set.ts';
import { fieldElement } from '../structured-merge-diff/path-element.ts';
import { ConflictsError, Updater } from '../structured-merge-diff/updater.ts';
import { problemsText, validate } from '../structured-merge-diff/validate.ts';
import { capUpdateManagers } from './cap-managers.ts';
import { conflictStatus } from './conflict.ts';
import type { Managed, Manager } from './entry.ts';
import { entriesForUpdate, entryOf, managerId, sortedEntries, storedEntries } from './entry.ts';
import { conflictsAfterLastApplied, KUBECTL, updateLastApplied } from './last-applied.ts';

/** Fields that nobody manages: who an object is, and what the server writes. Models internal/stripmeta.go. */
const STRIPPED: FieldSet = {
  'f:apiVersion': LEAF,
  'f:kind': LEAF,
  'f:metadata': {
    '.': LEAF,
    'f:name': LEAF,
    'f:namespace': LEAF,
    'f:creationTimestamp': LEAF,
    'f:selfLink': LEAF,
    'f:uid': LEAF,
    'f:clusterName': LEAF,
    'f:generation': LEAF,
    'f:managedFields': LEAF,
    'f:resourceVersion': LEAF,
  },
};
/** Who managed what was there before the first apply of an object that was not tracked. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

export interface FieldManagerConfig {
  readonly kind: GroupVersionKind;
  readonly atom: Atom;
  /** "" for the main resource. */
  readonly subresource: string;
  /** Paths that a write through this endpoint leaves as they are: ["status"], ["metadata.labels"]. */
  readonly resetFields: readonly string[];
}

/** What an apply comes to. */
export interface Applied {
  /** The object with the configuration merged in; undefined if the object stays as it is. */
  readonly object: JsonObject | undefined;
  readonly managedFields: Json[];
}

/**
 * Keeps metadata.managedFields of one kind through one endpoint.
 *
 * Models k8s.io/apimachinery/pkg/util/managedfields FieldManager with the chain of its managers.
 */
export class FieldManager {
  readonly #config: FieldManagerConfig;
  readonly #updater: Updater;

  constructor(config: FieldManagerConfig) {
    this.#config = config;
    this.#updater = new Updater(config.atom, config.resetFields.map(pathSet).reduce(union, LEAF));
  }

  /**
   * Records that `manager` made `object` of `live` (undefined: of nothing). Changes `object.metadata.managedFields`.
   * `now` is in milliseconds. Models FieldManager.Update.
   */
  update(live: KubeObject | undefined, object: KubeObject, manager: string, now: number): void {
    const { metadata } = object;
    const stored = live?.metadata.managedFields;
    const managed = entriesForUpdate(stored, metadata.managedFields, this.#config.subresource !== '');
    delete metadata.managedFields;
    // What was not tracked from its beginning is tracked from the first apply on.
    if (managed.size === 0 && live !== undefined) return;
    const before = (live ?? { metadata: {} }) as unknown as JsonObject;
    const updated = this.#updated(before, object as unknown as JsonObject, managed, manager, now);
    if (updated.size > 0) metadata.managedFields = sortedEntries(updated);
  }

  #updated(before: JsonObject, after: JsonObject, managed: Managed, manager: string, now: number): Managed {
    const who = this.#manager(manager, 'Update');
    const id = managerId(who);
    const { changed, managers } = this.#updater.update(before, after, setsOf(managed), id);
    const result = withSets(managed, managers);
    const own = difference(changed, STRIPPED);
    if (!isEmptySet(own)) {
      const known = result.get(id);
      const fields = known === undefined ? own : union(known.fieldsV1, own);
      result.set(id, entryOf(who, formatTime(now), fields));
    }
    return capUpdateManagers(result);
  }

  /**
   * Applies `config` to `live` (undefined: to nothing) as `manager`. Rejects with 409 if it changes what others
   * manage and `force` is not set, with 400 for a configuration of another kind or with managed fields, and
   * with 500 for one that does not fit the kind's type. Models FieldManager.Apply.
   */
  apply(
    live: KubeObject | undefined,
    config: JsonObject,
    manager: string,
    force: boolean,
    now: number,
  ): Applied {
    this.#check(config);
    const { metadata, ...rest } = live ?? { metadata: {} };
    const { managedFields, ...liveMeta } = metadata;
    const before = { ...rest, metadata: liveMeta } as unknown as KubeObject;
    const beforeJson = before as unknown as JsonObject;
    let managed = storedEntries(managedFields);
    if (managed.size === 0 && live !== undefined) {
      managed = this.#updated({ metadata: {} }, beforeJson, managed, BEFORE_FIRST_APPLY, now);
    }
    const who = this.#manager(manager, 'Apply');
    const id = managerId(who);
    const { object, managers } = this.#merged(before, config, managed, { id, manager, force });
    const own = difference(managers.get(id) ?? LEAF, STRIPPED);
    const known = managed.get(id);
    managers.delete(id);
    const result = withSets(managed, managers);
    if (!isEmptySet(own)) {
      result.set(id, entryOf(who, object === undefined ? known?.time : formatTime(now), own));
    }
    if (object !== undefined && manager === KUBECTL) updateLastApplied(object, config);
    return { object, managedFields: sortedEntries(result) };
  }

  #merged(
    live: KubeObject,
    config: JsonObject,
    managed: Managed,
    { id, manager, force }: { id: string; manager: string; force: boolean },
  ) {
    const before = live as unknown as JsonObject;
    try {
      return this.#updater.apply(before, config, setsOf(managed), id, force);
    } catch (error) {
      if (!(error instanceof ConflictsError)) throw error;
      const { atom, kind } = this.#config;
      const left =
        manager === KUBECTL
          ? (conflictsAfterLastApplied(atom, kind, live, error.conflicts) ?? error.conflicts)
          : error.conflicts;
      if (left.length > 0) throw conflictStatus(left, managed);
      return this.#updater.apply(before, config, setsOf(managed), id, true);
    }
  }

  #manager(manager: string, operation: Manager['operation']): Manager {
    const { kind, subresource } = this.#config;
    return {
      manager: manager === '' ? 'unknown' : manager,
      operation,
      apiVersion: apiVersionOf(kind),
      ...(subresource !== '' && { subresource }),
    };
  }

  #check(config: JsonObject): void {
    const { kind, atom } = this.#config;
    const text = (name: string) => (typeof config[name] === 'string' ? config[name] : '');
    const sent = { ...parseApiVersion(text('apiVersion')), kind: text('kind') };
    if (kindText(sent) !== kindText(kind)) {
      throw badRequestError(`invalid object type: ${kindText(sent)}`);
    }
    const metadata = config['metadata'] as JsonObject | null | undefined;
    if (metadata?.['managedFields'] !== undefined && metadata['managedFields'] !== null) {
      throw badRequestError('metadata.managedFields must be nil');
    }
    const problems = validate(atom, config);
    if (problems.length === 0) return;
    const named = (name: string) => (typeof metadata?.[name] === 'string' ? metadata[name] : '');
    throw unknownError(
      `failed to create typed patch object (${named('namespace')}/${named('name')}; ${kindText(kind)}): ${problemsText(problems)}`,
    );
  }
}

/** "apps/v1, Kind=Deployment" as Go prints a kind; the core group leaves its place empty. */
function kindText({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}, Kind=${kind}`;
}

/** The set of a path like "metadata.labels". */
function pathSet(path: string): FieldSet {
  return path.split('.').reduceRight<FieldSet>((below, name) => ({ [fieldElement(name)]: below }), LEAF);
}

function setsOf(managed: Managed): ReadonlyMap<string, FieldSet> {
  return new Map([...managed].map(([id, { fieldsV1 }]) => [id, fieldsV1]));
}

/** The entries with what their managers are left with; entries that did not change are themselves. */
function withSets(managed: Managed, sets: ReadonlyMap<string, FieldSet>): Managed {
  const result: Managed = new Map();
  for (const [id, set] of sets) {
    const entry = managed.get(id)!;
    result.set(id, entry.fieldsV1 === set ? entry : entryOf(entry, entry.time, set));
  }
  return result;
}
