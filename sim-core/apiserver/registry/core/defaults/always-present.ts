/** Removes empty lists, maps and texts at the named fields, as Go's omitempty leaves them out. */
export function dropEmpty(holder: Record<string, unknown>, fields: readonly string[]): void {
  for (const field of fields) {
    const value = holder[field];
    if (value === undefined) continue;
    const empty =
      value === null ||
      value === '' ||
      (Array.isArray(value)
        ? value.length === 0
        : typeof value === 'object' && Object.keys(value).length === 0);
    if (empty) delete holder[field];
  }
}
