/** What {{if}} takes for true: nothing empty. Models text/template IsTrue. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as Go prints it with %v: lists as [a b], maps as map[a:1 b:2], nothing as <no value>. */
export function printed(value: unknown): string {
  if (value === undefined) return '<no value>';
  return inner(value);
}

function inner(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, field]) => `${key}:${inner(field)}`).join(' ')}]`;
}

/** Whole numbers are ints; others have an exponent when it is large. Models strconv.FormatFloat(…, 'g', -1, 64). */
function goFloat(value: number): string {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (Number.isInteger(value) || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
