import { deepCopy, deepEqual } from '../../../apimachinery/copy.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { YamlError } from '../../../apimachinery/json/yaml-error.ts';
import { parseYaml } from '../../../apimachinery/json/yaml.ts';
import { applyConfig } from '../../../apimachinery/managedfields/apply.ts';
import { onlyTimesDiffer } from '../../../apimachinery/managedfields/entry.ts';
import type { FieldManager } from '../../../apimachinery/managedfields/field-manager.ts';
import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { ServerRequest } from '../request.ts';
import { limitedBody } from './body.ts';
import type { TargetKind } from './decode.ts';
import type { WriteScope } from './scope.ts';

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
  const applied = applyConfig(fieldManager, existing, config, { manager, force, now });
  complain(request, parsed, fieldValidation);
  const object =
    applied.object === undefined
      ? deepCopy(existing!)
      : decoder.decodeValue(request, applied.object, target, 'Ignore');
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

function readConfiguration(body: string): { config: JsonObject; parsed: ParsedText } {
  let parsed: ParsedText;
  try {
    parsed = parseYaml(body);
  } catch (error) {
    if (error instanceof YamlError) {
      throw badRequestError(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    }
    throw error;
  }
  const { value } = parsed;
  if (value === null) return { config: {}, parsed };
  if (typeof value === 'object' && !Array.isArray(value)) return { config: value, parsed };
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw badRequestError(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
  );
}

/** Fields that the text repeats. */
function complain(request: ServerRequest, { yamlDuplicates }: ParsedText, fieldValidation: string): void {
  if (yamlDuplicates.length === 0 || fieldValidation === 'Ignore') return;
  const text = `error converting YAML to JSON: yaml: unmarshal errors:\n  ${yamlDuplicates.join('\n  ')}`;
  if (fieldValidation === 'Strict') throw badRequestError(`error strict decoding YAML: ${text}`);
  request.warnings.push(text);
}
