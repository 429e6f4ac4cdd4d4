import { Optional } from '@marcbachmann/cel-js';
import type { Json } from '../../apimachinery/object.ts';

/**
 * A JSON value as expressions see it: whole numbers are integers (bigint), everything else is itself.
 * Fields that are undefined are left out.
 */
export function celValue(value: Json | undefined): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(celValue);
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    Object.defineProperty(result, key, {
      value: celValue(value[key]),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}

/** The JSON that the result of an expression is; undefined for what JSON has no form for, and for none. */
export function jsonOf(value: unknown): Json | undefined {
  if (value instanceof Optional) return value.hasValue() ? jsonOf(value.value()) : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (Array.isArray(value)) return value.map((item) => jsonOf(item) ?? null);
  if (value instanceof Map) return objectOf([...value]);
  return typeof value === 'object' && value !== undefined ? objectOf(Object.entries(value)) : undefined;
}

function objectOf(entries: readonly (readonly [unknown, unknown])[]): Json {
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const json = jsonOf(item);
      return json === undefined ? [] : [[String(key), json]];
    }),
  );
}
