import { deepCopy, deepEqual } from '../../../apimachinery/copy.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { convertedValue } from '../../../apimachinery/json/parse.ts';
import { YamlError } from '../../../apimachinery/json/yaml-error.ts';
import { applyConfig, kindText } from '../../../apimachinery/managedfields/apply.ts';
import { onlyTimesDiffer } from '../../../apimachinery/managedfields/entry.ts';
import type { FieldManager } from '../../../apimachinery/managedfields/field-manager.ts';
import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { StatusError } from '../../../apimachinery/status.ts';
import { badRequestError, unknownError } from '../../../apimachinery/status.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { ServerRequest } from '../request.ts';
import { limitedBody } from './body.ts';
import { inFieldOrder } from '../../../apimachinery/json/field-order.ts';
import { jsonKind, unmarshalTypeError } from '../../../apimachinery/json/unmarshal-type-error.ts';
import type { TargetKind } from './decode.ts';
import { unstructuredMessage } from './unstructured-message.ts';
import type { WriteScope } from './scope.ts';
import { parseYamlBody } from './yaml-body.ts';

/**
 * What the request's configuration makes of `existing` (undefined: a new object), decoded and with defaults.
 * Rejects with 400, 409 or 500. Models endpoints/handlers/patch.go applyPatcher.
 */
export function applyConfiguration(
  request: ServerRequest,
  { decoder }: WriteScope,
  fieldManager: FieldManager,
  existing: KubeObject | undefined,
  target: TargetKind,
  {
    fieldManager: manager = '',
    fieldValidation = '',
    force = false,
  }: WriteOptions & { readonly force?: boolean },
  now: number,
): KubeObject {
  const { config, parsed } = readConfiguration(limitedBody(request));
  /** With defaults. Of a custom resource, what was merged is what is validated: nulls stay. */
  const completed = (merged: JsonObject): KubeObject => {
    if (!('custom' in target) || target.custom === undefined) {
      return decoder.decodeParsed(request, convertedValue(merged), target, 'Ignore', [], (message) =>
        unconverted(
          config,
          target,
          `unable to convert unstructured object to ${kindText(target)}: ${unstructuredMessage(message)}`,
        ),
      );
    }
    const object = inFieldOrder(merged) as unknown as KubeObject;
    target.strategy.fillDefaults?.(object);
    return object;
  };
  const applied = applyConfig(fieldManager, existing, config, { manager, force, now });
  complain(request, parsed, fieldValidation);
  const object = completed(applied.object ?? deepCopy(existing! as unknown as JsonObject));
  const { managedFields } = applied;
  if (managedFields.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
  return existing !== undefined && changesTimesOnly(existing, object) ? deepCopy(existing) : object;
}

/** Models IgnoreManagedFieldsTimestampsTransformer: "0.5" applied to "500m" is no change. */
function changesTimesOnly(existing: KubeObject, object: KubeObject): boolean {
  const { managedFields: stored = [], ...metadata } = existing.metadata;
  const { managedFields: updated = [], ...meta } = object.metadata;
  return (
    onlyTimesDiffer(stored, updated) && deepEqual({ ...existing, metadata }, { ...object, metadata: meta })
  );
}

/**
 * Upstream applies to the Scale of a custom resource and then cannot make it a custom resource of that version again:
 * 500, once nobody is in the way. Models crConverter.Convert.
 */
export function unconvertible(request: ServerRequest, kind: GroupVersionKind): StatusError {
  const { config } = readConfiguration(limitedBody(request));
  return unconverted(
    config,
    kind,
    `request to convert CR to an invalid group/version: ${apiVersionOf(kind)}`,
  );
}

/** What was merged is no object of its kind: 500. Models structuredMergeManager.Apply. */
function unconverted({ metadata }: JsonObject, kind: GroupVersionKind, reason: string): StatusError {
  const { namespace = '', name = '' } = (metadata ?? {}) as { namespace?: Json; name?: Json };
  return unknownError(
    `failed to convert new object (${String(namespace)}/${String(name)}; ${kindText(kind)}) to proper version: ${reason}`,
  );
}

function readConfiguration(body: string): { config: JsonObject; parsed: ParsedText } {
  let parsed: ParsedText;
  try {
    parsed = parseYamlBody(body);
  } catch (error) {
    if (error instanceof YamlError) {
      throw badRequestError(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    }
    throw error;
  }
  const { value } = parsed;
  if (value === null) return { config: {}, parsed };
  if (typeof value === 'object' && !Array.isArray(value)) return { config: value, parsed };
  const error = unmarshalTypeError(jsonKind(value), 'map[string]interface {}');
  throw badRequestError(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${error}`);
}

/** Fields that the text repeats. */
function complain(request: ServerRequest, { yamlDuplicates }: ParsedText, fieldValidation: string): void {
  if (yamlDuplicates.length === 0 || fieldValidation === 'Ignore') return;
  const text = `error converting YAML to JSON: yaml: unmarshal errors:\n  ${yamlDuplicates.join('\n  ')}`;
  if (fieldValidation === 'Strict') throw badRequestError(`error strict decoding YAML: ${text}`);
  request.warnings.push(text);
}
