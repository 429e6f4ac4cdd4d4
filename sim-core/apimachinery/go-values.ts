import { goQuote } from './go-format.ts';

/*
 * How Go's fmt prints a value that was read from JSON into an interface{}. What is undefined here is nil there; a field
 * that is undefined is none.
 */

/** The value's type, as %T prints it: "map[string]interface {}", "int64". */
export function goTypeName(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'map[string]interface {}';
  }
}

/** As %v prints it, keys in order: "map[image:nginx ports:[80 <nil>]]". */
export function goValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return isContainer(value) ? elements(value, goValue) : scalar(value);
}

/** As %s prints it, which is meant for texts: "%!s(int64=5)". */
export function goText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isContainer(value)) return elements(value, goText);
  return isNil(value) ? '%!s(<nil>)' : `%!s(${goTypeName(value)}=${scalar(value)})`;
}

/** As %#v prints it, keys in order: `map[string]interface {}{"a":[]interface {}{1, "x"}}`. */
export function goSyntax(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (isNil(value)) return 'interface {}(nil)';
  if (!isContainer(value)) return scalar(value);
  const inner = Array.isArray(value)
    ? value.map(goSyntax)
    : fieldsOf(value).map(([key, field]) => `${goQuote(key)}:${goSyntax(field)}`);
  return `${goTypeName(value)}{${inner.join(', ')}}`;
}

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;
const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function elements(value: object, print: (element: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map(print).join(' ')}]`;
  const fields = fieldsOf(value).map(([key, field]) => `${key}:${print(field)}`);
  return `map[${fields.join(' ')}]`;
}

function fieldsOf(value: object): [key: string, field: unknown][] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whole numbers are ints; others have an exponent when it is large. Models strconv.FormatFloat(…, 'g', -1, 64). */
function scalar(value: unknown): string {
  if (isNil(value)) return '<nil>';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
