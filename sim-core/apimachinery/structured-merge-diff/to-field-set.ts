import type { Json, JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { DEDUCED } from './atom.ts';
import type { FieldSet, MutableFieldSet } from './field-set.ts';
import { isEmptySet, LEAF } from './field-set.ts';
import { groupItems, isObject } from './items.ts';
import { fieldElement } from './path-element.ts';

/**
 * All fields and items that an object mentions. Models sigs.k8s.io/structured-merge-diff typed ToFieldSet.
 */
export function toFieldSet(atom: Atom, object: JsonObject): FieldSet {
  return childrenOf(atom, object);
}

function childrenOf(atom: Atom, value: Json): FieldSet {
  const children: MutableFieldSet = {};
  switch (atom.kind) {
    case 'leaf':
      break;
    case 'structure':
      for (const [name, inner] of Object.entries(value as JsonObject)) {
        const field = atom.fields.get(name);
        if (field === undefined) {
          if (atom.open) children[fieldElement(name)] = nodeOf(DEDUCED, inner, true)!;
          continue;
        }
        const node = nodeOf(field.atom, inner, false);
        if (node !== undefined) children[field.element] = node;
      }
      break;
    case 'map':
    case 'deduced': {
      const values = atom.kind === 'map' ? atom.values : DEDUCED;
      for (const [key, inner] of Object.entries(value as JsonObject)) {
        children[fieldElement(key)] = nodeOf(values, inner, true)!;
      }
      break;
    }
    case 'set':
    case 'associative-list':
      for (const [element, items] of groupItems(atom, value)) {
        children[element] = items.length > 1 ? LEAF : nodeOf(atom.items, items[0]!, true)!;
      }
  }
  return children;
}

/** `member`: items of lists and keys of maps are in the set themselves, fields of structures are not. */
function nodeOf(atom: Atom, value: Json, member: boolean): FieldSet | undefined {
  if (isWhole(atom, value)) return LEAF;
  const children = childrenOf(atom, value);
  if (isEmptySet(children)) return member ? LEAF : undefined;
  return member ? { '.': LEAF, ...children } : children;
}

function isWhole(atom: Atom, value: Json): boolean {
  if (atom.kind === 'leaf' || value === null) return true;
  switch (atom.kind) {
    case 'structure':
    case 'map':
    case 'deduced':
      return !isObject(value) || Object.keys(value).length === 0;
    default:
      return !Array.isArray(value);
  }
}
