import type { PathElement } from './path-element.ts';

/**
 * A set of fields in the form that the API shows, FieldsV1. Sets never change: operations return one of
 * their operands where they can, so that an unchanged set is the same object.
 *
 *     {"f:spec": {"f:replicas": {}, "f:selector": {".": {}, "f:app": {}}}}
 *
 * holds spec.replicas, spec.selector and spec.selector.app, but not spec: an element is a member if it has
 * nothing below it, or ".".
 *
 * Models sigs.k8s.io/structured-merge-diff fieldpath Set and its serialized form.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

/** Where a set keeps its text; it is not copied along when a set is made of another. */
const TEXT = Symbol('text');

/** The set's JSON, elements in the order in which they are written. Sets never change: it is made once. */
export function fieldSetText(set: FieldSet): string {
  return textOf(set, true);
}

/** The same of a set that will perhaps be thrown away: nothing is kept with it. */
export function passingFieldSetText(set: FieldSet): string {
  return textOf(set, false);
}

function textOf(set: FieldSet, keeps: boolean): string {
  const known = (set as { readonly [TEXT]?: string })[TEXT];
  if (known !== undefined) return known;
  const elements = Object.keys(set);
  if (elements.length === 0) return '{}';
  if (!isInOrder(elements)) elements.sort(compareElements);
  // Most of a changed set is shared with the one that it was made of, and so is its text.
  let text = '';
  for (const element of elements) {
    text += `${text === '' ? '{' : ','}${elementJson(element)}:${textOf(set[element]!, keeps)}`;
  }
  text += '}';
  if (keeps && Object.isExtensible(set)) Object.defineProperty(set, TEXT, { value: text });
  return text;
}

/** Nearly all elements are names. */
function elementJson(element: PathElement): string {
  return /^f:[\w./-]*$/.test(element) ? `"${element}"` : JSON.stringify(element);
}

/** The set with its elements, and those below, in the order in which they are written; itself if they are. */
export function inElementOrder(set: FieldSet): FieldSet {
  const elements = Object.keys(set);
  let isOrdered = isInOrder(elements);
  const below = elements.map((element) => inElementOrder(set[element]!));
  isOrdered &&= below.every((node, index) => node === set[elements[index]!]);
  if (isOrdered) return set;
  const places = elements.map((_, index) => index);
  places.sort((a, b) => compareElements(elements[a]!, elements[b]!));
  return Object.fromEntries(places.map((index) => [elements[index]!, below[index]!]));
}

function isInOrder(elements: readonly PathElement[]): boolean {
  for (let index = 1; index < elements.length; index++) {
    if (compareElements(elements[index - 1]!, elements[index]!) > 0) return false;
  }
  return true;
}

/**
 * An item with one key, whose value is a text without anything that sorts before the quote at its end: such items
 * compare as their names and values do.
 */
const PLAIN_KEY = /^k:\{"\w+":"[^\0-"\\]*"\}$/;

/** Itself, fields, items by key, by value and by index. */
const KINDS = '.fkvi';

/** By kind of element, then by name or value; numbers among keys by their size. Models PathElement.Compare. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a[0] === 'k' && b[0] === 'k' && !(PLAIN_KEY.test(a) && PLAIN_KEY.test(b))) {
    const left = Object.entries(JSON.parse(a.slice(2)) as Record<string, unknown>);
    const right = Object.entries(JSON.parse(b.slice(2)) as Record<string, unknown>);
    for (const [index, [name, value]] of left.entries()) {
      const [otherName, other] = right[index] ?? [];
      if (otherName === undefined) return 1;
      if (name !== otherName) return name < otherName ? -1 : 1;
      if (typeof value === 'number' && typeof other === 'number' && value !== other) return value - other;
      if (String(value) !== String(other)) return String(value) < String(other) ? -1 : 1;
    }
    return left.length - right.length;
  }
  if (a[0] !== b[0]) return KINDS.indexOf(a[0]!) - KINDS.indexOf(b[0]!);
  return a < b ? -1 : a > b ? 1 : 0;
}
