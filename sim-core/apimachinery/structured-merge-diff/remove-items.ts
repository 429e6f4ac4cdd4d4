import { setField } from '../copy.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { DEDUCED } from './atom.ts';
import type { FieldSet } from './field-set.ts';
import { isMember, LEAF } from './field-set.ts';
import { elementOf, isObject } from './items.ts';
import { fieldElement } from './path-element.ts';

/**
 * The object without the fields and items of `removed`. Null stands in the place of a container that became empty.
 * Models sigs.k8s.io/structured-merge-diff typed RemoveItems.
 */
export function removeItems(atom: Atom, object: JsonObject, removed: FieldSet): JsonObject {
  return (removeBelow(atom, object, removed) ?? {}) as JsonObject;
}

function removeBelow(atom: Atom, value: Json, removed: FieldSet): Json | undefined {
  switch (atom.kind) {
    case 'leaf':
      // What is owned as a whole has nothing below it that could be named.
      return typeof atom.scalar === 'string' && atom.scalar !== 'any' ? value : undefined;
    case 'structure':
      return removeFields((name) => atom.fields.get(name)?.atom ?? DEDUCED, value, removed);
    case 'map':
      return removeFields(() => atom.values, value, removed);
    case 'deduced':
      if (isObject(value)) return removeFields(() => DEDUCED, value, removed);
      return Array.isArray(value) ? undefined : value;
    default: {
      if (!Array.isArray(value)) return undefined;
      const left = value.flatMap((item) => {
        const node = removed[elementOf(atom, item)];
        if (node === undefined) return [item];
        if (isMember(node)) return [];
        return [removeBelow(atom.items, item, node) ?? null];
      });
      return left.length === 0 ? undefined : left;
    }
  }
}

function removeFields(atomOf: (name: string) => Atom, value: Json, removed: FieldSet): Json | undefined {
  if (!isObject(value)) return undefined;
  const left: JsonObject = {};
  for (const name of Object.keys(value)) {
    const node = removed[fieldElement(name)];
    if (node !== undefined && isMember(node)) continue;
    setField(left, name, removeBelowField(atomOf(name), value[name]!, node ?? LEAF) ?? null);
  }
  return Object.keys(left).length === 0 ? undefined : left;
}

/** Where nothing below is named the value stays as it is. */
function removeBelowField(atom: Atom, value: Json, node: FieldSet): Json | undefined {
  return node === LEAF ? value : removeBelow(atom, value, node);
}
