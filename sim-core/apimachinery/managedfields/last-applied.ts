import { deepCopy } from '../copy.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { apiVersionOf } from '../object.ts';
import type { GroupVersion } from '../object.ts';
import type { Atom } from '../structured-merge-diff/atom.ts';
import { compare } from '../structured-merge-diff/compare.ts';
import type { FieldSet } from '../structured-merge-diff/field-set.ts';
import { difference, hasPath } from '../structured-merge-diff/field-set.ts';
import { toFieldSet } from '../structured-merge-diff/to-field-set.ts';
import type { Conflict } from '../structured-merge-diff/apply.ts';

/** Where kubectl apply keeps what it applied, and the manager that comes after it. */
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
export const KUBECTL = 'kubectl';

/**
 * The conflicts that remain when kubectl goes over from client-side to server-side apply: fields that its
 * annotation says it applied are its own. Undefined if the annotation gives nothing away.
 * Models internal/lastappliedmanager.go.
 */
export function conflictsAfterLastApplied(
  atom: Atom,
  version: GroupVersion,
  live: KubeObject,
  conflicts: readonly Conflict[],
): readonly Conflict[] | undefined {
  const allowed = lastAppliedFields(atom, version, live);
  if (allowed === undefined) return undefined;
  return conflicts.filter(({ path }) => !hasPath(allowed, ...path));
}

function lastAppliedFields(atom: Atom, version: GroupVersion, live: KubeObject): FieldSet | undefined {
  const text = live.metadata.annotations?.[ANNOTATION];
  if (text === undefined || text === '') return undefined;
  let applied: JsonObject;
  try {
    applied = JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
  if (typeof applied !== 'object' || applied === null || Array.isArray(applied)) return undefined;
  if (applied['apiVersion'] !== apiVersionOf(version)) return undefined;
  const { added, modified, removed } = compare(atom, applied, live as unknown as JsonObject);
  return [modified, added, removed].reduce(difference, toFieldSet(atom, applied));
}

/**
 * Keeps the annotation up to date when kubectl applies on the server what it once applied itself.
 * Models internal/lastappliedupdater.go.
 */
export function updateLastApplied(object: JsonObject, config: JsonObject): void {
  const metadata = object['metadata'] as unknown as KubeObject['metadata'] | undefined;
  if (metadata?.annotations?.[ANNOTATION] === undefined) return;
  const applied = deepCopy(config);
  const appliedMeta = applied['metadata'] as unknown as KubeObject['metadata'] | undefined;
  delete appliedMeta?.annotations?.[ANNOTATION];
  metadata.annotations = { ...metadata.annotations, [ANNOTATION]: `${JSON.stringify(applied)}\n` };
}
