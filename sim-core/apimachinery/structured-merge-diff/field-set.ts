import type { PathElement } from './path-element.ts';
import { canonicalElement } from './path-element.ts';
import type { FieldSet } from './field-set-text.ts';
import { compareElements } from './field-set-text.ts';

export type { FieldSet } from './field-set-text.ts';

export type MutableFieldSet = Record<PathElement, FieldSet>;

/** A member with nothing below it; as a whole set, the empty one. */
export const LEAF: FieldSet = Object.freeze({});
const MEMBER = '.';

export function isEmptySet(set: FieldSet): boolean {
  for (const _element in set) return false;
  return true;
}

/** True if the element that `node` stands at is itself in the set. */
export function isMember(node: FieldSet): boolean {
  return MEMBER in node || isEmptySet(node);
}

/** A set of one path. */
export function setOf(...path: readonly PathElement[]): FieldSet {
  return path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), LEAF);
}

/** True if the path is in the set. */
export function hasPath(set: FieldSet, ...path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node[element];
    if (node === undefined) return false;
  }
  return isMember(node);
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  return isEmptySet(b) ? a : unionNodes(a, b);
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const member = isMember(a) || isMember(b);
  let merged: MutableFieldSet | undefined;
  for (const element in b) {
    if (element === MEMBER) continue;
    const before = a[element];
    const after = before === undefined ? b[element]! : unionNodes(before, b[element]!);
    if (after !== before) (merged ??= { ...a })[element] = after;
  }
  if (member && !(MEMBER in a) && !isEmptySet(merged ?? a)) (merged ??= { ...a })[MEMBER] = LEAF;
  return merged ?? a;
}

/** What is in `a` but not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return differenceBelow(a, b) ?? LEAF;
}

/** The elements of `a` below a node, or undefined if none is left; "." is looked at by the caller. */
function differenceBelow(a: FieldSet, b: FieldSet): FieldSet | undefined {
  let left: MutableFieldSet | undefined;
  for (const element in b) {
    if (element === MEMBER) continue;
    const node = a[element];
    if (node === undefined) continue;
    const after = differenceNodes(node, b[element]!);
    if (after === node) continue;
    left ??= { ...a };
    if (after === undefined) delete left[element];
    else left[element] = after;
  }
  const result = left ?? a;
  return isEmptySet(result) ? undefined : result;
}

function differenceNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const wasMember = isMember(a);
  const staysMember = wasMember && !isMember(b);
  const left = differenceBelow(a, b) ?? LEAF;
  if (left === a && staysMember === wasMember) return a;
  const { [MEMBER]: _member, ...below } = left;
  if (isEmptySet(below)) return staysMember ? LEAF : undefined;
  return staysMember ? { [MEMBER]: LEAF, ...below } : below;
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const both: MutableFieldSet = {};
  for (const element in a) {
    const node = element === MEMBER ? undefined : b[element];
    if (node === undefined) continue;
    const common = intersectionOfNodes(a[element]!, node);
    if (common !== undefined) both[element] = common;
  }
  return both;
}

function intersectionOfNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const member = isMember(a) && isMember(b);
  const below = intersection(a, b);
  if (isEmptySet(below)) return member ? LEAF : undefined;
  return member ? { [MEMBER]: LEAF, ...below } : below;
}

/** `set` without the paths of `excluded` and everything below them. Models Set.RecursiveDifference. */
export function without(set: FieldSet, excluded: FieldSet): FieldSet {
  let left: MutableFieldSet | undefined;
  for (const element in excluded) {
    const node = set[element];
    if (node === undefined || element === MEMBER) continue;
    const after = isMember(excluded[element]!) ? LEAF : without(node, excluded[element]!);
    if (after === node && !isMember(excluded[element]!)) continue;
    left ??= { ...set };
    if (isEmptySet(after)) delete left[element];
    else left[element] = after;
  }
  return left ?? set;
}

/**
 * The set with each element that `isNamed` says is a field of a structure made a member, if something below
 * it is. `below` gives the structure at an element. Models Set.EnsureNamedFieldsAreMembers.
 */
export function withNamedFields<T>(
  set: FieldSet,
  structure: T | undefined,
  below: (structure: T | undefined, element: PathElement) => { named: boolean; structure: T | undefined },
): FieldSet {
  const result: MutableFieldSet = {};
  for (const element in set) {
    const node = set[element]!;
    if (element === MEMBER || isEmptySet(node)) {
      result[element] = node;
      continue;
    }
    const { named, structure: next } = below(structure, element);
    const inner = withNamedFields(node, next, below);
    result[element] = named && !isMember(inner) ? { [MEMBER]: LEAF, ...inner } : inner;
  }
  return result;
}

/** All members' paths, parents first. */
export function pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): (readonly PathElement[])[] {
  const elements = Object.keys(set)
    .filter((element) => element !== MEMBER)
    .sort(compareElements);
  return [
    ...elements.filter((element) => isMember(set[element]!)).map((element) => [...prefix, element]),
    ...elements.flatMap((element) => pathsOf(set[element]!, [...prefix, element])),
  ];
}

/**
 * Reads FieldsV1 that a client sent. Throws a SyntaxError for elements that are malformed; ones of an unknown
 * kind are left out. Models Set.FromJSON.
 */
export function parseFieldSet(fields: unknown): FieldSet {
  const set = parseNode(fields);
  const { [MEMBER]: _member, ...below } = set;
  return below;
}

function parseNode(fields: unknown): FieldSet {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new SyntaxError('fieldsV1 must be an object');
  }
  const node: MutableFieldSet = {};
  for (const [element, below] of Object.entries(fields)) {
    const canonical = element === MEMBER ? MEMBER : canonicalElement(element);
    if (canonical !== undefined) node[canonical] = canonical === MEMBER ? LEAF : parseNode(below);
  }
  return node;
}
