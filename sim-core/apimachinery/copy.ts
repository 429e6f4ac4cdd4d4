/**
 * A deep copy of a JSON value: objects and arrays are new, scalars are themselves. Fields that are
 * undefined are left out, as they are in JSON. Own fields only; "__proto__" is copied as a field.
 * A frozen array cannot change, nor may what is in it: it is shared.
 */
export function deepCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return Object.isFrozen(value) ? value : (value.map((item: unknown) => deepCopy(item)) as T);
  }
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const field: unknown = value[key];
    if (field === undefined) continue;
    setField(copy, key, deepCopy(field));
  }
  return copy as T;
}

/**
 * Like {@link deepCopy}, but shares with `earlier`, a copy that nobody changes, what is equal there; the result is
 * `earlier` itself if nothing differs.
 */
export function deepCopySince<T>(value: T, earlier: T): T {
  if (value === earlier || typeof value !== 'object' || value === null) return value;
  if (typeof earlier !== 'object' || earlier === null || Array.isArray(value) !== Array.isArray(earlier)) {
    return deepCopy(value);
  }
  if (Array.isArray(value)) {
    if (Object.isFrozen(value)) return value;
    const before = earlier as readonly unknown[];
    let differs = before.length !== value.length;
    const copy = value.map((item: unknown, index) => {
      const known = deepCopySince(item, before[index]);
      differs ||= known !== before[index];
      return known;
    });
    return differs ? (copy as T) : earlier;
  }
  const before = earlier as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  let differs = false;
  let fields = 0;
  for (const key in value) {
    const field: unknown = value[key];
    if (field === undefined) continue;
    const known = deepCopySince(field, Object.hasOwn(before, key) ? before[key] : undefined);
    differs ||= known !== before[key];
    setField(copy, key, known);
    fields++;
  }
  for (const _key in before) fields--;
  return differs || fields !== 0 ? (copy as T) : earlier;
}

/** Sets an own field, whatever its name is: a plain assignment to "__proto__" would be lost. */
export function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/**
 * True if two JSON values are equal: key order does not matter, a field that is undefined is the
 * same as a missing one; null, empty and missing are three different things.
 */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!deepEqual(a[index], b[index])) return false;
    return true;
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let fields = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !deepEqual(left[key], right[key])) return false;
    fields++;
  }
  for (const key in right) if (right[key] !== undefined) fields--;
  return fields === 0;
}

/**
 * Like {@link deepEqual}, but missing, null, empty lists and empty objects count as one.
 * Models k8s.io/apimachinery/pkg/api/equality Semantic.DeepEqual for who does not tell maps from structures.
 */
export function semanticEqual(a: unknown, b: unknown): boolean {
  return equalBut(a, b, isEmpty);
}

/**
 * The same for objects that the apiserver decoded. No empty list or map is left in them, so that {} is a structure
 * that somebody points to: other than none.
 */
export function decodedEqual(a: unknown, b: unknown): boolean {
  return equalBut(a, b, isNothing);
}

function equalBut(a: unknown, b: unknown, counts: (value: unknown) => boolean): boolean {
  if (a === b || (counts(a) && counts(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return deepEqual(a, b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!equalBut(a[index], b[index], counts)) return false;
    return true;
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) {
    if (!equalBut(left[key], Object.hasOwn(right, key) ? right[key] : undefined, counts)) return false;
  }
  for (const key in right) if (!Object.hasOwn(left, key) && !counts(right[key])) return false;
  return true;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isEmpty(value: unknown): boolean {
  if (isNothing(value)) return true;
  if (typeof value !== 'object') return false;
  for (const _key in value as object) return false;
  return true;
}
