import { deepEqual } from '../copy.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Atom, FieldAtom } from './atom.ts';
import { DEDUCED } from './atom.ts';
import type { FieldSet, MutableFieldSet } from './field-set.ts';
import { isEmptySet, LEAF, without } from './field-set.ts';
import { groupItems, isEmptyContainer, isObject } from './items.ts';
import type { PathElement } from './path-element.ts';
import { fieldElement } from './path-element.ts';

/** The fields in which two objects differ; a field is in one of the sets at most. */
export interface Comparison {
  readonly added: FieldSet;
  /** In both, but different. */
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What was found at one place: nodes of the three sets. */
interface Found {
  readonly added?: FieldSet;
  readonly modified?: FieldSet;
  readonly removed?: FieldSet;
}

const ADDED: Found = { added: LEAF };
const MODIFIED: Found = { modified: LEAF };
const REMOVED: Found = { removed: LEAF };

/**
 * Compares two objects of the type `atom`; fields that it does not know, and those of `ignored`, are not
 * looked at. Models sigs.k8s.io/structured-merge-diff typed Compare.
 */
export function compare(
  atom: Atom,
  before: JsonObject,
  after: JsonObject,
  ignored: FieldSet = LEAF,
): Comparison {
  const children = new Children();
  if (atom.kind === 'structure') compareStructures(atom, before, after, children, ignored);
  else compareChildren(atom, before, after, children);
  const { added, modified, removed } = children;
  return {
    added: without(added ?? LEAF, ignored),
    modified: without(modified ?? LEAF, ignored),
    removed: without(removed ?? LEAF, ignored),
  };
}

function compareAt(
  atom: Atom,
  before: Json | undefined,
  after: Json | undefined,
  ignored: FieldSet = LEAF,
): Found | undefined {
  if (before === after) return undefined;
  if (isLeaf(atom, before, after)) {
    if (before === undefined) return ADDED;
    if (after === undefined) return REMOVED;
    return deepEqual(before, after) ? undefined : MODIFIED;
  }
  const found = new Children();
  if (atom.kind === 'structure') compareStructures(atom, before, after, found, ignored);
  else compareChildren(atom, before, after, found);
  if (before === undefined) (found.added ??= {})['.'] = LEAF;
  if (after === undefined) (found.removed ??= {})['.'] = LEAF;
  return (found.added ?? found.modified ?? found.removed) ? found : undefined;
}

/** What is owned as a whole, and two empty containers, which keeps {} and null apart. */
function isLeaf(atom: Atom, before: Json | undefined, after: Json | undefined): boolean {
  if (atom.kind === 'leaf') return true;
  if (atom.kind === 'deduced') {
    // Null takes the form of what stands on the other side.
    const isMap = (value: Json | undefined) => value === undefined || value === null || isObject(value);
    if (!isMap(before) || !isMap(after)) return true;
  }
  return isEmptyContainer(before) && isEmptyContainer(after);
}

class Children implements Found {
  added?: MutableFieldSet;
  modified?: MutableFieldSet;
  removed?: MutableFieldSet;

  add(element: string, found: Found | undefined): void {
    if (found === undefined) return;
    if (found.added !== undefined) (this.added ??= {})[element] = found.added;
    if (found.modified !== undefined) (this.modified ??= {})[element] = found.modified;
    if (found.removed !== undefined) (this.removed ??= {})[element] = found.removed;
  }
}

function compareChildren(
  atom: Atom,
  before: Json | undefined,
  after: Json | undefined,
  children: Children,
): void {
  switch (atom.kind) {
    case 'leaf':
      break;
    case 'structure':
      compareStructures(atom, before, after, children);
      break;
    case 'map':
      compareMaps(atom.values, before, after, children);
      break;
    case 'deduced':
      compareMaps(DEDUCED, before, after, children);
      break;
    case 'set':
    case 'associative-list':
      compareLists(atom, before, after, children);
  }
}

function compareStructures(
  { fields, open }: Extract<Atom, { kind: 'structure' }>,
  before: Json | undefined,
  after: Json | undefined,
  children: Children,
  ignored: FieldSet = LEAF,
): void {
  const left = isObject(before) ? before : undefined;
  const right = isObject(after) ? after : undefined;
  for (const name in left) {
    const field = fields.get(name) ?? (open ? unknownField(name) : undefined);
    if (field === undefined) continue;
    const { element } = field;
    // Large fields that do not count (spec, status) are not even walked.
    if (ignored[element] !== undefined && isEmptySet(ignored[element])) continue;
    // A structure that is there has its fields, even if JSON leaves them out.
    const other = right?.[name] === undefined ? (after === undefined ? undefined : field.zero) : right[name];
    if (after !== undefined && isUnset(field, left[name], other)) continue;
    children.add(element, compareAt(field.atom, left[name], other, ignored[element]));
  }
  for (const name in right) {
    if (left !== undefined && left[name] !== undefined) continue;
    const field = fields.get(name) ?? (open ? unknownField(name) : undefined);
    if (field === undefined) continue;
    const { element } = field;
    if (ignored[element] !== undefined && isEmptySet(ignored[element])) continue;
    const other = before === undefined ? undefined : field.zero;
    if (before !== undefined && isUnset(field, right[name], other)) continue;
    children.add(element, compareAt(field.atom, other, right[name], ignored[element]));
  }
}

const unknownField = (name: string): FieldAtom => ({
  atom: DEDUCED,
  element: fieldElement(name),
  zero: undefined,
});

/** In a structure that is there a time that was not given shows as null or not at all. */
function isUnset({ atom }: FieldAtom, value: Json | undefined, other: Json | undefined): boolean {
  return value === null && other === undefined && atom.kind === 'leaf';
}

function compareMaps(
  values: Atom,
  before: Json | undefined,
  after: Json | undefined,
  children: Children,
): void {
  const left = isObject(before) ? before : undefined;
  const right = isObject(after) ? after : undefined;
  for (const key in left) {
    const other = right !== undefined && Object.hasOwn(right, key) ? right[key] : undefined;
    children.add(fieldElement(key), compareAt(values, left[key], other));
  }
  for (const key in right) {
    if (left !== undefined && Object.hasOwn(left, key)) continue;
    children.add(fieldElement(key), compareAt(values, undefined, right[key]));
  }
}

/** Items that occur several times on one side are taken as one. */
function compareLists(
  atom: Extract<Atom, { kind: 'set' | 'associative-list' }>,
  before: Json | undefined,
  after: Json | undefined,
  children: Children,
): void {
  const left = groupItems(atom, before);
  const right = groupItems(atom, after);
  for (const [element, ours] of left) {
    compareItems(atom.items, element, ours, right.get(element) ?? [], children);
  }
  for (const [element, theirs] of right) {
    if (!left.has(element)) compareItems(atom.items, element, [], theirs, children);
  }
}

/** The items of both sides that have one name. */
function compareItems(
  items: Atom,
  element: PathElement,
  ours: readonly Json[],
  theirs: readonly Json[],
  children: Children,
): void {
  if (ours.length < 2 && theirs.length < 2) {
    children.add(element, compareAt(items, ours[0], theirs[0]));
  } else if (ours.length > 1 && theirs.length > 1) {
    if (!deepEqual(ours, theirs)) children.add(element, MODIFIED);
  } else if (ours.length > 1) {
    children.add(element, REMOVED);
    if (theirs.length > 0) children.add(element, compareAt(items, undefined, theirs[0]));
  } else {
    if (ours.length > 0) children.add(element, compareAt(items, ours[0], undefined));
    children.add(element, ADDED);
  }
}
