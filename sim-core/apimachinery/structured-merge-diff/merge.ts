import { setField } from '../copy.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Atom } from './atom.ts';
import { DEDUCED } from './atom.ts';
import type { ListAtom } from './items.ts';
import { elementOf, isEmptyContainer, isObject } from './items.ts';
import type { PathElement } from './path-element.ts';

/**
 * `live` with everything that `config` says: nothing is removed, and lists that `config` changes come in
 * its order. The result shares parts with both.
 *
 * Models sigs.k8s.io/structured-merge-diff typed Merge.
 */
export function merge(atom: Atom, live: JsonObject, config: JsonObject): JsonObject {
  return (mergeAt(atom, live, config) ?? {}) as JsonObject;
}

function mergeAt(atom: Atom, live: Json | undefined, config: Json | undefined): Json | undefined {
  if (config === undefined) return live;
  if (live === undefined || atom.kind === 'leaf') return config;
  if (isEmptyContainer(live) && isEmptyContainer(config)) return config;
  switch (atom.kind) {
    case 'structure':
      return mergeMaps((key) => atom.fields.get(key)?.atom ?? DEDUCED, live, config);
    case 'map':
      return mergeMaps(() => atom.values, live, config);
    case 'deduced':
      return isObject(live) && isObject(config) ? mergeMaps(() => DEDUCED, live, config) : config;
    default:
      return mergeLists(atom, live, config);
  }
}

function mergeMaps(atomOf: (key: string) => Atom, live: Json, config: Json): Json | undefined {
  const left = isObject(live) ? live : {};
  const right = isObject(config) ? config : {};
  const merged: JsonObject = {};
  for (const key of Object.keys(left)) {
    const value = mergeAt(atomOf(key), left[key], Object.hasOwn(right, key) ? right[key] : undefined);
    if (value !== undefined) setField(merged, key, value);
  }
  for (const key of Object.keys(right)) {
    if (!Object.hasOwn(left, key)) setField(merged, key, right[key]);
  }
  return Object.keys(merged).length === 0 ? undefined : merged;
}

/**
 * Walks both lists at once. For example, with live a b c and config c x a:
 *
 *     shared order is c a; b is only live and keeps its place among them: b c x a
 */
function mergeLists(atom: ListAtom, live: Json, config: Json): Json | undefined {
  const left = index(atom, Array.isArray(live) ? live : []);
  const right = index(atom, Array.isArray(config) ? config : []);
  const shared = right.elements.filter((element) => left.byElement.has(element));
  const done = new Set<PathElement>();
  const merged: Json[] = [];
  let next = 0;
  const push = (value: Json | undefined) => {
    if (value !== undefined) merged.push(value);
  };
  const mergeItem = (element: PathElement) => {
    done.add(element);
    push(mergeAt(atom.items, left.byElement.get(element), right.byElement.get(element)));
    if (shared[next] === element) next++;
  };
  let l = 0;
  let r = 0;
  while (l < left.elements.length || r < right.elements.length) {
    const ours = left.elements[l];
    const theirs = right.elements[r];
    if (ours !== undefined && ours === theirs) {
      mergeItem(ours);
      l++;
      r++;
      continue;
    }
    if (ours !== undefined && theirs !== undefined && right.byElement.has(ours)) {
      const wanted = shared[next];
      if (wanted !== undefined && wanted !== ours) {
        // It comes later: in the place that the config gives it.
        l++;
        continue;
      }
    }
    if (ours !== undefined) {
      if (!right.byElement.has(ours)) {
        push(left.items[l]);
        l++;
        continue;
      }
      if (done.has(ours)) l++;
    }
    if (theirs !== undefined) {
      mergeItem(theirs);
      r++;
    }
  }
  return merged.length === 0 ? undefined : merged;
}

/** Items that occur twice are not merged: what the config says takes their place. */
function index(atom: ListAtom, items: readonly Json[]) {
  const elements = items.map((item) => elementOf(atom, item));
  const byElement = new Map<PathElement, Json | undefined>();
  elements.forEach((element, position) => {
    byElement.set(element, byElement.has(element) ? undefined : items[position]);
  });
  return { items, elements, byElement };
}
