import { deepCopy, setField } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { duplicateFields } from '../../../apimachinery/json/decode.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { JsonSyntaxError, parseJson } from '../../../apimachinery/json/parse.ts';
import { jsonKind, unmarshalTypeError } from '../../../apimachinery/json/unmarshal-type-error.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../apimachinery/patch/json-patch.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import { tooLargeError } from './body.ts';

const MAX_OPERATIONS = 10_000;
const OPERATION_FIELDS = ['op', 'path', 'from', 'value'];

/** A patch as it was read, with what strict decoding says of its own text. */
export interface PatchDocument<T> {
  readonly patch: T;
  readonly strictErrors: readonly string[];
}

function parse(body: string, prefix: string): ParsedText {
  try {
    return parseJson(body);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequestError(prefix + error.message);
    throw error;
  }
}

/**
 * A merge patch or a strategic one; null is undefined. Rejects with 400, the message beginning with `prefix`.
 */
export function readObjectPatch(body: string, prefix: string): PatchDocument<JsonObject | undefined> {
  const parsed = parse(body, prefix);
  const { value } = parsed;
  if (value === null) return { patch: undefined, strictErrors: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw badRequestError(prefix + unmarshalTypeError(jsonKind(value), 'map[string]interface {}'));
  }
  for (const literals of parsed.literals.values()) {
    const endless = [...literals.values()].find((literal) => !Number.isFinite(Number(literal)));
    if (endless === undefined) continue;
    throw badRequestError(prefix + unmarshalTypeError(`number ${endless}`, 'float64'));
  }
  return { patch: value, strictErrors: duplicateFields(parsed) };
}

/** Copies values of a patch together with what is known of fields that they repeat. */
export class DuplicatesKept {
  readonly #known: ParsedText['duplicates'];
  /** Of the copies. */
  readonly copies: Map<object, readonly (readonly [string, Json])[]> & ParsedText['duplicates'] = new Map();

  constructor(known: ParsedText['duplicates']) {
    this.#known = known;
  }

  readonly copy = (value: Json): Json => {
    if (this.#known.size === 0 || typeof value !== 'object' || value === null) return deepCopy(value);
    if (Array.isArray(value)) return value.map(this.copy);
    const copy: JsonObject = {};
    for (const key of Object.keys(value)) setField(copy, key, this.copy(value[key]!));
    const repeated = this.#known.get(value) ?? this.copies.get(value);
    if (repeated !== undefined) this.copies.set(copy, repeated);
    return copy;
  };
}

/** A JSON patch. Rejects with 400, or 413 for one of more than 10,000 operations. */
export function readJsonPatch(
  body: string,
): PatchDocument<readonly JsonPatchOperation[]> & { readonly parsed: ParsedText } {
  const prefix = 'error decoding patch: ';
  const parsed = parse(body, prefix);
  const { value } = parsed;
  const mismatch = (found: Json, type: string, field?: string) =>
    badRequestError(prefix + unmarshalTypeError(jsonKind(found), type, field));
  if (value === null) return { patch: [], strictErrors: [], parsed };
  if (!Array.isArray(value)) throw mismatch(value, '[]handlers.jsonPatchOp');
  const strictErrors = duplicateFields(parsed);
  const operations = value.map((operation, index): JsonObject => {
    if (operation === null) return {};
    if (typeof operation !== 'object' || Array.isArray(operation)) {
      throw mismatch(operation, 'handlers.jsonPatchOp');
    }
    for (const [field, given] of Object.entries(operation)) {
      if (!OPERATION_FIELDS.includes(field)) {
        strictErrors.push(`unknown field ${goQuote(`[${index}].${field}`)}`);
      } else if (field !== 'value' && typeof given !== 'string' && given !== null) {
        throw mismatch(given, 'string', `jsonPatchOp.${field}`);
      }
    }
    return operation;
  });
  if (operations.length > MAX_OPERATIONS) {
    throw tooLargeError(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  return {
    patch: operations as unknown as readonly JsonPatchOperation[],
    strictErrors: strictErrors.map((text) => `json patch ${text}`),
    parsed,
  };
}
