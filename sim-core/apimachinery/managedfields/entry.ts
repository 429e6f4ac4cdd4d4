import { deepEqual } from '../copy.ts';
import type { Json } from '../object.ts';
import type { FieldSet } from '../structured-merge-diff/field-set.ts';
import { parseFieldSet } from '../structured-merge-diff/field-set.ts';

/** Models metav1.ManagedFieldsEntry; the fields stand in the order in which they are written. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
}

/** Who an entry belongs to; everything that tells entries of one object apart. */
export type Manager = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/**
 * The manager's id, which sorts by name. Who applies is the same whatever version was applied.
 * Models internal.BuildManagerIdentifier.
 */
export function managerId({ manager, operation, apiVersion, subresource = '' }: Manager): string {
  return `${manager}\0${operation}\0${operation === 'Apply' ? '' : apiVersion}\0${subresource}`;
}

/** An entry as it is written. */
export function entryOf(
  { manager, operation, apiVersion, subresource }: Manager,
  time: string | undefined,
  fieldsV1: FieldSet,
): ManagedFieldsEntry {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource !== undefined && subresource !== '' && { subresource }),
  };
}

/** Entries by their managers' ids. */
export type Managed = Map<string, ManagedFieldsEntry>;

/** What is stored on an object. Stored entries were checked when they were written. */
export function storedEntries(managedFields: readonly Json[] | undefined): Managed {
  const entries = (managedFields ?? []) as unknown as readonly ManagedFieldsEntry[];
  const managed: Managed = new Map();
  for (const entry of entries) managed.set(managerId(entry), entry);
  return managed;
}

/**
 * What is stored of them: Apply before Update, older first. The list is frozen, since copies of the object
 * share it. Models sortEncodedManagedFields.
 */
export function sortedEntries(managed: Managed): Json[] {
  const entries = [...managed.values()].sort(
    (a, b) =>
      byText(a.operation, b.operation) ||
      byText(a.time ?? '', b.time ?? '') ||
      byText(a.manager, b.manager) ||
      byText(a.apiVersion, b.apiVersion) ||
      byText(a.subresource ?? '', b.subresource ?? ''),
  );
  return Object.freeze(entries) as unknown as Json[];
}

/** True if the entries of two lists differ in nothing but their times. */
export function onlyTimesDiffer(a: readonly Json[], b: readonly Json[]): boolean {
  return (
    a.length === b.length &&
    a.every((entry, index) => {
      const { time: _time, ...rest } = entry as unknown as ManagedFieldsEntry;
      const { time: _otherTime, ...other } = b[index] as unknown as ManagedFieldsEntry;
      return deepEqual(rest, other);
    })
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What an update starts from: the entries that the client sent along, if they are well-formed, else those that
 * are stored; none if the client asks for a reset ([] or [{}]). Models decodeLiveOrNew.
 */
export function entriesForUpdate(
  stored: readonly Json[] | undefined,
  sent: readonly Json[] | undefined,
  isSubresource: boolean,
): Managed {
  if (isSubresource || sent === undefined || deepEqual(sent, stored)) return storedEntries(stored);
  if (sent.length === 0 || (sent.length === 1 && isBlank(sent[0]!))) return new Map();
  return decodeEntries(sent) ?? storedEntries(stored);
}

function isBlank(entry: Json): boolean {
  return typeof entry === 'object' && entry !== null && Object.keys(entry).length === 0;
}

/** Undefined if an entry is malformed. Models DecodeManagedFields. */
function decodeEntries(sent: readonly Json[]): Managed | undefined {
  const managed: Managed = new Map();
  for (const raw of sent) {
    const { operation, apiVersion, fieldsType, fieldsV1, time, manager, subresource } =
      raw as unknown as Partial<Record<keyof ManagedFieldsEntry, string>>;
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    if (!apiVersion || fieldsType !== 'FieldsV1') return undefined;
    try {
      const who: Manager = {
        manager: manager ?? '',
        operation,
        apiVersion,
        ...(subresource !== undefined && { subresource }),
      };
      managed.set(managerId(who), entryOf(who, time, parseFieldSet(fieldsV1 ?? {})));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
  return managed;
}
