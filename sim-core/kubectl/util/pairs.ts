/** Reads "key=value" texts; `complaint` is what is wrong with a text that is none. */
export function keyValues(
  pairs: readonly string[],
  complaint: (pair: string) => string,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new Error(complaint(pair));
    values[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return values;
}

/** Environment variables of `--env`, in order. */
export function parseEnvironment(pairs: readonly string[]): { name: string; value: string }[] {
  return pairs.map((pair) => {
    const match = /^([-._a-zA-Z][-._a-zA-Z0-9]*)=([\s\S]*)$/.exec(pair);
    if (match === null) throw new Error(`invalid env: ${pair}`);
    return { name: match[1]!, value: match[2]! };
  });
}

/**
 * Splits arguments into resources and the "key=value" or "key-" texts after them.
 * Models pkg/cmd/util GetResourcesAndPairs and ParsePairs.
 */
export function resourcesAndPairs(
  args: readonly string[],
  what: 'annotation' | 'label',
): {
  readonly resources: readonly string[];
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
} {
  const isPair = (argument: string) =>
    (argument.includes('=') && !argument.startsWith('=')) || argument.endsWith('-');
  const firstPair = args.findIndex(isPair);
  const resources = firstPair < 0 ? args : args.slice(0, firstPair);
  const pairs = firstPair < 0 ? [] : args.slice(firstPair);
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    if (!isPair(pair)) throw new Error(`all resources must be specified before ${what} changes: ${pair}`);
    const equals = pair.indexOf('=');
    if (equals >= 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else remove.push(pair.slice(0, -1));
  }
  const invalid = remove.filter((key) => set.has(key));
  if (invalid.length > 0)
    throw new Error(
      what === 'label'
        ? 'can not both modify and remove a label in the same command'
        : `can not both modify and remove the following ${what}(s) in the same command: ${invalid.join(', ')}`,
    );
  return { resources, set, remove };
}
