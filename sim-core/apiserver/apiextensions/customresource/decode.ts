import { duplicateFields } from '../../../apimachinery/json/decode.ts';
import type { Decoded } from '../../../apimachinery/json/decode.ts';
import { deepCopy, setField } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { noteFloat } from '../../../apimachinery/json/float-literals.ts';
import { inFieldOrder } from '../../../apimachinery/json/field-order.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import { pruneNulls } from '../schema/defaulting.ts';
import { coerceMetadata } from '../schema/embedded-resource.ts';
import { prune } from '../schema/prune.ts';
import { asResource, isObject } from '../schema/traverse.ts';
import type { JSONSchemaProps } from '../types.ts';

/**
 * Reads a body as a custom resource: metadata gets its types, fields that the schema does not know are
 * dropped and reported. Throws a DecodeError.
 *
 * Models pkg/apiserver/customresource_handler.go schemaCoercingDecoder.
 */
export function decodeCustomResource(parsed: ParsedText, schema: JSONSchemaProps, prunes: boolean): Decoded {
  const object: JsonObject = isObject(parsed.value) ? (copyOf(parsed.value, parsed) as JsonObject) : {};
  const unknown = coerce(object, schema, prunes);
  return {
    object: inFieldOrder(object),
    strictErrors: [...duplicateFields(parsed), ...unknown.map((path) => `unknown field ${goQuote(path)}`)],
  };
}

/** A copy that knows which of its numbers were written as floats. */
function copyOf(value: Json, parsed: ParsedText): Json {
  if (parsed.literals.size === 0 || typeof value !== 'object' || value === null) return deepCopy(value);
  const copy: Json = Array.isArray(value) ? [] : {};
  for (const [key, field] of Object.entries(value)) {
    setField(copy as Record<string, unknown>, key, copyOf(field, parsed));
  }
  for (const [key, text] of parsed.literals.get(value) ?? []) {
    if (/[.eE]/.test(text)) noteFloat(copy, key);
  }
  return copy;
}

/** Makes a value fit the schema's structure. Changes it; returns the paths of unknown fields. */
export function coerce(value: Json, schema: JSONSchemaProps, prunes: boolean): string[] {
  const root = asResource(schema);
  const unknown = coerceMetadata(value, root).sort();
  if (prunes) unknown.push(...prune(value, root));
  pruneNulls(value, schema);
  return unknown;
}
