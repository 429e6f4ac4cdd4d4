import type { HttpResponse } from '../../../apimachinery/http.ts';
import { duplicateFields, parseText } from '../../../apimachinery/json/decode.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { JsonSyntaxError } from '../../../apimachinery/json/parse.ts';
import { YamlError } from '../../../apimachinery/json/yaml.ts';
import type { Json, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../apimachinery/patch/json-patch.ts';
import { applyJsonPatch, JsonPatchError } from '../../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import { StrategicPatchError } from '../../../apimachinery/patch/strategic/directives.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../../apimachinery/patch/strategic/patch-schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import { badRequestError, StatusError, unknownError } from '../../../apimachinery/status.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { ServerRequest } from '../request.ts';
import type { TargetKind } from './decode.ts';
import { negotiate, patchMediaType } from './negotiation.ts';
import { patchOptions } from './options.ts';
import type { RequestScope, StoredScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';
import { checkName } from './update.ts';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;
export type PatchType = (typeof PATCH_TYPES)[number];

export function patchType(request: ServerRequest): PatchType {
  return patchMediaType(request, PATCH_TYPES);
}

/** PATCH of an object or of one of its subresources. Models endpoints/handlers/patch.go. */
export async function patchResource(
  request: ServerRequest,
  scope: StoredScope,
  strategy: UpdateStrategy,
): Promise<HttpResponse> {
  const { definition } = scope;
  const { name, namespace } = request.info;
  const type = patchType(request);
  const { mediaType, view } = negotiate(request, true, false);
  const options = patchOptions(request.query, type === 'application/apply-patch+yaml');
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const { object } = await scope.store.updateWith(
    name,
    async (existing) => {
      const object = applyPatch(request, scope, type, existing!, definition, options);
      checkName(object, name, namespace);
      await admission.admit('UPDATE', object, existing);
      return object;
    },
    context,
    { strategy, validateUpdate: admission.validator('UPDATE') },
  );
  return respondObject(request, scope, 200, object, mediaType, view);
}

/** What the request's patch makes of `current`, decoded and with defaults. Rejects with 400 or 422. */
export function applyPatch(
  request: ServerRequest,
  { decoder }: RequestScope,
  type: PatchType,
  current: KubeObject,
  target: TargetKind,
  options: WriteOptions,
): KubeObject {
  const patch = parsePatch(request.http.body, type);
  const patched = patchedValue(current as unknown as JsonObject, patch, type, target);
  const { fieldValidation = '' } = options;
  return decoder.decodeParsed(
    request,
    { value: patched, duplicates: new Map(), literals: new Map(), yamlDuplicates: [] },
    target,
    fieldValidation,
    type === 'application/json-patch+json' ? [] : duplicateFields(patch),
  );
}

function parsePatch(body: string, type: PatchType): ParsedText {
  try {
    return parseText(body, type === 'application/apply-patch+yaml' ? 'yaml' : 'json');
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof YamlError) {
      throw badRequestError(
        type === 'application/json-patch+json' ? `error decoding patch: ${error.message}` : error.message,
      );
    }
    throw error;
  }
}

function patchedValue(current: JsonObject, patch: ParsedText, type: PatchType, target: TargetKind): Json {
  switch (type) {
    case 'application/json-patch+json':
      if (!Array.isArray(patch.value)) {
        throw badRequestError(
          'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
        );
      }
      return withPatchErrors(() =>
        applyJsonPatch(current, patch.value as unknown as readonly JsonPatchOperation[]),
      );
    case 'application/merge-patch+json':
      return applyMergePatch(current, patch.value);
    case 'application/strategic-merge-patch+json': {
      const schema = schemaOf(target.schema);
      // How lists merge is known of built-in kinds only.
      if (schema === undefined) throw unsupportedPatch(type);
      return withPatchErrors(() =>
        applyStrategicMergePatch(current, patch.value as JsonObject, patchSchemaOf(schema)),
      );
    }
    case 'application/apply-patch+yaml':
      throw unsupportedPatch(type);
  }
}

function unsupportedPatch(type: PatchType): StatusError {
  const accepted = PATCH_TYPES.filter((candidate) => candidate !== type).join(', ');
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

/** Patches that are malformed or do not fit what is stored. Models handlers/patch.go interpretStrategicMergePatchError. */
function withPatchErrors<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    const code =
      error instanceof JsonPatchError ? 422 : error instanceof StrategicPatchError ? error.code : undefined;
    switch (code) {
      case 400:
        throw badRequestError((error as Error).message);
      case 422:
        throw new StatusError(
          422,
          'Invalid',
          'the server rejected our request due to an error in our request',
          {},
        );
      case 500:
        throw unknownError((error as Error).message);
      default:
        throw error;
    }
  }
}
