import type { KubeObject } from '../../apimachinery/object.ts';
import { DecodeError, decodeObject } from '../../apimachinery/json/decode.ts';
import { parsedValue } from '../../apimachinery/json/parse.ts';
import type { JsonObject } from '../../apimachinery/object.ts';
import { schemaOf } from '../../apimachinery/schema/schema.ts';
import { internalError } from '../../apimachinery/status.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';

/**
 * Puts what a policy or a webhook made in the place of the object that is being admitted, decoded as the
 * kind and with defaults. Changes `object`. Rejects with 500 for what is no object of the kind.
 */
export function replaceObject(
  object: KubeObject,
  next: JsonObject,
  definition: ResourceDefinition | undefined,
): void {
  const decoded = decode(next, definition);
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, { kind: next['kind'], apiVersion: next['apiVersion'], metadata: {} }, decoded);
  definition?.strategy.fillDefaults?.(object);
}

function decode(next: JsonObject, definition: ResourceDefinition | undefined): JsonObject {
  const parsed = parsedValue(next);
  try {
    if (definition?.custom !== undefined) return definition.custom.decode(parsed).object;
    const schema = definition === undefined ? undefined : schemaOf(definition.schema);
    return schema === undefined ? next : decodeObject(parsed, schema).object;
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

/** The definition of what a request writes. */
export const definitionOf = (
  definitions: readonly ResourceDefinition[],
  resource: { readonly group: string; readonly version: string; readonly resource: string },
) =>
  definitions.find(
    (known) =>
      known.group === resource.group &&
      known.version === resource.version &&
      known.resource === resource.resource,
  );
