import type { Json, KubeObject } from '../../apimachinery/object.ts';
import {
  applyJsonPatch,
  JsonPatchError,
  type JsonPatchOperation,
} from '../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../apimachinery/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../apimachinery/patch/strategic/patch-schema.ts';
import { objectSchemaIn, type ObjectSchema, type TypeSchema } from '../../apimachinery/schema/schema.ts';
import { schemaOfKind } from '../util/schema.ts';

/**
 * The object as `--overrides` and `--override-type` change it: fields that its kind does not have are gone
 * then. Throws an Error with kubectl's words. Models pkg/cmd/util Overrider.
 */
export function applyOverrides(
  object: KubeObject,
  mapping: Parameters<typeof schemaOfKind>[0],
  overrides: string,
  type: string,
): KubeObject {
  if (!['json', 'merge', 'strategic'].includes(type)) throw new Error(`invalid override type: ${type}`);
  const schema = schemaOfKind(mapping)!;
  const patched = patch(object as unknown as Json, parse(overrides), type, schema) as unknown as KubeObject;
  if (patched.kind !== mapping.kind) {
    throw new Error(
      `no kind ${JSON.stringify(patched.kind)} is registered for version ${JSON.stringify(patched.apiVersion)} in scheme "pkg/scheme/scheme.go:28"`,
    );
  }
  return known(patched, schema) as KubeObject;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Error('Invalid JSON Patch');
  }
}

function patch(object: Json, overrides: Json, type: string, schema: ObjectSchema): Json {
  if (type === 'merge') return applyMergePatch(object, overrides);
  if (type === 'strategic')
    return applyStrategicMergePatch(
      object as never,
      overrides as never,
      patchSchemaOf(schema),
    ) as unknown as Json;
  try {
    return applyJsonPatch(object, overrides as unknown as JsonPatchOperation[]);
  } catch (error) {
    if (error instanceof JsonPatchError) throw new Error(error.message);
    throw error;
  }
}

/** What upstream's structures keep of a value: the fields that they have, and those that are always there. */
function known(value: unknown, schema: ObjectSchema): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const type = schema.fields.get(name)?.type;
    if (type !== undefined) result[name] = inner(field, type);
  }
  if (schema.shortName === 'Container') result.resources ??= {};
  return result;
}

function inner(value: unknown, type: TypeSchema): unknown {
  const schema = objectSchemaIn(type);
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => known(item, schema));
  return type.type === 'object' ? known(value, schema) : value;
}
