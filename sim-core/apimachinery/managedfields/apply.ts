import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../object.ts';
import { formatTime, parseApiVersion } from '../object.ts';
import { badRequestError, unknownError } from '../status.ts';
import { apply, ConflictsError } from '../structured-merge-diff/apply.ts';
import { isEmptySet, LEAF } from '../structured-merge-diff/field-set.ts';
import { problemsText, validate } from '../structured-merge-diff/validate.ts';
import { conflictStatus } from './conflict.ts';
import type { Managed } from './entry.ts';
import { entryOf, managerId, sortedEntries, storedEntries } from './entry.ts';
import type { FieldManager } from './field-manager.ts';
import { conflictsAfterLastApplied, KUBECTL, updateLastApplied } from './last-applied.ts';
import type { Tracker } from './tracker.ts';
import { setsOf, stripped, withSets } from './tracker.ts';

/** Who managed what was there before the first apply of an object that was not tracked. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** What an apply comes to. */
interface Applied {
  /** The object with the configuration merged in; undefined if the object stays as it is. */
  readonly object: JsonObject | undefined;
  readonly managedFields: Json[];
}

export interface Applying {
  readonly manager: string;
  readonly force: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * Applies `config` to `live` (undefined: to nothing). Rejects with 409 if it changes what others manage and
 * `force` is not set, with 400 for a configuration of another kind or with managed fields, and with 500 for one
 * that does not fit the kind's type. Models FieldManager.Apply.
 */
export function applyConfig(
  { tracker }: FieldManager,
  live: KubeObject | undefined,
  config: JsonObject,
  applying: Applying,
): Applied {
  checkConfig(tracker, config);
  const { manager, now } = applying;
  const { metadata, ...rest } = live ?? { metadata: {} };
  const { managedFields, ...liveMeta } = metadata;
  const before = { ...rest, metadata: liveMeta } as unknown as KubeObject;
  let managed = storedEntries(managedFields);
  if (managed.size === 0 && live !== undefined) {
    const made = before as unknown as JsonObject;
    managed = tracker.updated({ metadata: {} }, made, managed, BEFORE_FIRST_APPLY, now);
  }
  const who = tracker.manager(manager, 'Apply');
  const id = managerId(who);
  const { object, managers } = merged(tracker, before, config, managed, id, applying);
  const own = stripped(managers.get(id) ?? LEAF);
  managers.delete(id);
  const result = withSets(managed, managers);
  if (!isEmptySet(own)) {
    const time = object === undefined ? managed.get(id)?.time : formatTime(now);
    result.set(id, entryOf(who, time, own));
  }
  if (object !== undefined && manager === KUBECTL) updateLastApplied(object, config);
  return { object, managedFields: sortedEntries(result) };
}

function merged(
  tracker: Tracker,
  live: KubeObject,
  config: JsonObject,
  managed: Managed,
  id: string,
  { manager, force }: Applying,
) {
  const { type, kind } = tracker;
  const before = live as unknown as JsonObject;
  const applied = (forced: boolean) =>
    apply(type, before, config, setsOf(managed), id, forced, (from, to) => {
      const changes = tracker.changes(from, to);
      return (other) => changes(managed.get(other)!.apiVersion);
    });
  try {
    return applied(force);
  } catch (error) {
    if (!(error instanceof ConflictsError)) throw error;
    const { conflicts } = error;
    const left =
      manager === KUBECTL
        ? (conflictsAfterLastApplied(type.atom, kind, live, conflicts) ?? conflicts)
        : conflicts;
    if (left.length > 0) throw conflictStatus(left, managed);
    return applied(true);
  }
}

function checkConfig({ kind, type }: Tracker, config: JsonObject): void {
  const text = (name: string) => (typeof config[name] === 'string' ? config[name] : '');
  const sent = { ...parseApiVersion(text('apiVersion')), kind: text('kind') };
  if (kindText(sent) !== kindText(kind)) {
    throw badRequestError(`invalid object type: ${kindText(sent)}`);
  }
  const metadata = config['metadata'] as JsonObject | null | undefined;
  if (metadata?.['managedFields'] !== undefined && metadata['managedFields'] !== null) {
    throw badRequestError('metadata.managedFields must be nil');
  }
  const problems = validate(type.atom, config);
  if (problems.length === 0) return;
  const named = (name: string) => (typeof metadata?.[name] === 'string' ? metadata[name] : '');
  throw unknownError(
    `failed to create typed patch object (${named('namespace')}/${named('name')}; ${kindText(kind)}): ${problemsText(problems)}`,
  );
}

/** "apps/v1, Kind=Deployment" as Go prints a kind; the core group leaves its place empty. */
export function kindText({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}, Kind=${kind}`;
}
