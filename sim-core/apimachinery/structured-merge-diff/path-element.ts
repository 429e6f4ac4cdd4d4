import type { Json, JsonObject } from '../object.ts';

/**
 * One step of a field's path, as FieldsV1 writes it:
 *
 *     f:replicas              a field, or a key of a map
 *     k:{"name":"web"}        the item of a list whose keys have these values
 *     v:"example.com/a"       the item of a set
 *
 * Models sigs.k8s.io/structured-merge-diff fieldpath PathElement.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The field's name, or undefined for an item of a list. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** An item of a set. Throws a TypeError for what no set can hold; the message is upstream's. */
export function valueElement(item: Json): PathElement {
  if (item === null) {
    throw new TypeError("associative list without keys has an element that's an explicit null");
  }
  if (Array.isArray(item)) throw new TypeError('not supported: associative list with lists as elements');
  if (typeof item === 'object') {
    throw new TypeError("associative list without keys has an element that's a map type");
  }
  return `v:${jsonText(item)}`;
}

/**
 * An item that `keys` (in the order of the alphabet) tell apart; `defaults` stand for keys that it lacks.
 * Throws a TypeError for an item that cannot be told apart; the message is upstream's.
 */
export function keyElement(
  item: Json,
  keys: readonly string[],
  defaults: Readonly<Record<string, Json>>,
): PathElement {
  if (item === null) throw new TypeError('associative list with keys may not have a null element');
  if (typeof item !== 'object' || Array.isArray(item)) {
    throw new TypeError('associative list with keys may not have non-map elements');
  }
  let text = '';
  for (const key of keys) {
    const value = item[key] ?? defaults[key];
    if (value === undefined) {
      throw new TypeError(
        `associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`,
      );
    }
    text += `${text === '' ? '' : ','}${jsonText(key)}:${jsonText(value)}`;
  }
  return `k:{${text}}`;
}

/** As it stands in messages: `.spec`, `[name="web"]`, `[="a"]`. */
export function elementText(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'k': {
      const fields = JSON.parse(rest) as JsonObject;
      return `[${Object.keys(fields)
        .map((key) => `${key}=${JSON.stringify(fields[key])}`)
        .join(',')}]`;
    }
    case 'v':
      return `[=${JSON.stringify(JSON.parse(rest))}]`;
    case 'i':
      return `[${rest}]`;
    default:
      return `.${rest}`;
  }
}

/**
 * An element that a client wrote in this server's form; undefined for a kind of element that nobody knows.
 * Throws a SyntaxError for one that is malformed. Models fieldpath DeserializePathElement.
 */
export function canonicalElement(element: string): PathElement | undefined {
  if (element.length < 2) throw new SyntaxError('key must be 2 characters long:');
  if (element[1] !== ':') throw new SyntaxError(`missing colon: ${element}`);
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return element;
    case 'v': {
      const value = JSON.parse(rest) as Json;
      if (typeof value === 'object') throw new SyntaxError(`not a scalar: ${element}`);
      return `v:${jsonText(value)}`;
    }
    case 'k': {
      const fields = JSON.parse(rest) as Json;
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
        throw new SyntaxError(`not a set of keys: ${element}`);
      }
      const keys = Object.keys(fields).sort();
      return `k:{${keys.map((key) => `${jsonText(key)}:${jsonText(fields[key]!)}`).join(',')}}`;
    }
    case 'i':
      if (!/^-?\d+$/.test(rest)) throw new SyntaxError(`not an index: ${element}`);
      return element;
    default:
      return undefined;
  }
}

/** JSON as Go writes it, with the signs of HTML escaped. */
function jsonText(value: Json): string {
  if (typeof value === 'string' && /^[\w ./:-]*$/.test(value)) return `"${value}"`;
  const text = JSON.stringify(value);
  return /[<>&\u2028\u2029]/.test(text)
    ? text.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;
}
