import type { Json, JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import type { PathElement } from './path-element.ts';
import { keyElement, valueElement } from './path-element.ts';

/** A list whose items are told apart: by their keys, or by what they are. */
export type ListAtom = Extract<Atom, { kind: 'set' | 'associative-list' }>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Missing, null, {} and []. */
export function isEmptyContainer(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  for (const _key in value) return false;
  return true;
}

/** How an item of the list is named. Throws a TypeError for one that has no name. */
export function elementOf(atom: ListAtom, item: Json): PathElement {
  return atom.kind === 'set' ? valueElement(item) : keyElement(item, atom.keys, atom.keyDefaults);
}

/** The items by name, in their order; ones that have no name are left out. */
export function groupItems(atom: ListAtom, list: Json | undefined): Map<PathElement, Json[]> {
  const groups = new Map<PathElement, Json[]>();
  if (!Array.isArray(list)) return groups;
  for (const item of list) {
    let element: PathElement;
    try {
      element = elementOf(atom, item);
    } catch (error) {
      if (error instanceof TypeError) continue;
      throw error;
    }
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}
