/** One clause of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The clauses of an Accept header, the preferred first:
 *
 *     "text/html, application/json;q=0.9;as=Table"   text html 1 {} · application json 0.9 {as: Table}
 *
 * Models github.com/munnerz/goautoneg ParseAccept.
 */
export function parseAccept(header: string): readonly AcceptClause[] {
  const clauses: AcceptClause[] = [];
  for (const part of header.split(',')) {
    const [range = '', ...rest] = part.trim().split(';');
    const [type = '', subtype, ...more] = range.split('/').map((text) => text.trim());
    if (more.length > 0 || (subtype === undefined && type !== '*')) continue;
    const parameters = new Map<string, string>();
    let quality = 1;
    for (const parameter of rest) {
      const [name = '', value, ...excess] = parameter.split('=');
      if (value === undefined || value === '' || excess.length > 0) continue;
      if (name.trim() === 'q') quality = Number.isNaN(Number(value)) ? 0 : Number(value);
      else parameters.set(name.trim(), value.trim());
    }
    clauses.push({ type, subtype: subtype ?? '*', quality, parameters });
  }
  return clauses.sort(
    (a, b) =>
      b.quality - a.quality ||
      Number(a.type === '*') - Number(b.type === '*') ||
      Number(a.subtype === '*') - Number(b.subtype === '*'),
  );
}

/**
 * True if a route that answers with `produced` suits the header; parameters and qualities do not count.
 * Models go-restful's Route.matchesAccept.
 */
export function routeAccepts(header: string, produced: readonly string[]): boolean {
  return header.split(',').some((part) => {
    const range = part.split(';')[0]!.trim();
    return range === '*/*' || produced.includes('*/*') || produced.includes(range);
  });
}
