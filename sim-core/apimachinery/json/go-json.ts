/**
 * JSON as Go's encoding/json writes a map: keys sorted, `<`, `>` and `&` escaped.
 * `indent` 0 puts all on one line.
 */
export function goJson(value: unknown, indent = 0): string {
  return escapeHtml(JSON.stringify(sortKeys(value), undefined, indent));
}

/** {@link goJson}, the keys in the order that they have. */
export function goJsonAsIs(value: unknown, indent = 0): string {
  return escapeHtml(JSON.stringify(value, undefined, indent));
}

/** A copy with the keys of all objects sorted; fields that are undefined are left out. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sortKeys(field)]));
}

/** JSON text with what Go's encoding/json escapes besides. */
export function escapeHtml(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
