const FLOATS = Symbol('numbers that were written as floats');

/** Remembers of a decoded object or list that its text had the number at `key` with a point or an exponent. */
export function noteFloat(container: object, key: string): void {
  const noted = container as { [FLOATS]?: Set<string> };
  if (noted[FLOATS] === undefined) Object.defineProperty(container, FLOATS, { value: new Set() });
  noted[FLOATS]!.add(key);
}

/**
 * True if the text had the number so ("1.0"): Go keeps it as a float64 where it has no type of its own, until it is
 * written and read again. Known of what was decoded, not of copies.
 */
export function isFloat(container: object, key: string): boolean {
  return (container as { [FLOATS]?: Set<string> })[FLOATS]?.has(key) === true;
}
