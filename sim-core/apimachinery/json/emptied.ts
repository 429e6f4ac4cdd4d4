const EMPTIED = Symbol('fields that were empty');

/** Remembers of a decoded object that its text had `field` as [] or {}, which is left out of the object. */
export function noteEmptied(object: object, field: string): void {
  const noted = object as { [EMPTIED]?: Set<string> };
  if (noted[EMPTIED] === undefined) Object.defineProperty(object, EMPTIED, { value: new Set() });
  noted[EMPTIED]!.add(field);
}

/**
 * True if the text had the field as [] or {}: Go tells these from a missing one until it writes the object, and so do
 * its messages. Known of what was decoded, not of copies.
 */
export function isEmptied(object: object | undefined, field: string): boolean {
  return (object as { [EMPTIED]?: Set<string> } | undefined)?.[EMPTIED]?.has(field) === true;
}

/** True if the object, or one that it holds, lacks a field that {@link isEmptied}; defaults may have filled others. */
export function hasEmptied(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const noted = [...((value as { [EMPTIED]?: Set<string> })[EMPTIED] ?? [])];
  return noted.some((field) => !Object.hasOwn(value, field)) || Object.values(value).some(hasEmptied);
}
