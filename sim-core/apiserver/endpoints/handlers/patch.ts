import type { HttpResponse } from '../../../apimachinery/http.ts';
import { duplicateFields, parseText } from '../../../apimachinery/json/decode.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { JsonSyntaxError } from '../../../apimachinery/json/parse.ts';
import type { Json, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../apimachinery/patch/json-patch.ts';
import { applyJsonPatch, JsonPatchError } from '../../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import { StrategicPatchError } from '../../../apimachinery/patch/strategic/directives.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../../apimachinery/patch/strategic/patch-schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import {
  badRequestError,
  conflictError,
  notFoundError,
  StatusError,
  unknownError,
} from '../../../apimachinery/status.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import { ensureNamespace } from '../../registry/rest/meta.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { ServerRequest } from '../request.ts';
import type { TargetKind } from './decode.ts';
import { applyConfiguration } from './apply.ts';
import { managerOf } from './field-managers.ts';
import { negotiate, patchMediaType } from './negotiation.ts';
import { patchOptions } from './options.ts';
import type { RequestScope, StoredScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';
import { authorizeCreate, checkName } from './update.ts';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;
export const APPLY = 'application/apply-patch+yaml';
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
  const { name, namespace, subresource } = request.info;
  const type = patchType(request);
  const { mediaType, view } = negotiate(request, true, false);
  const options = patchOptions(request.query, type === APPLY);
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const fieldManager = scope.fieldManagers.of(subresource);
  const { object, created } = await scope.store.updateWith(
    name,
    async (existing) => {
      let object: KubeObject;
      if (type === APPLY) {
        object = applyConfiguration(request, scope, fieldManager, existing, definition, options, context.now);
      } else {
        if (existing === undefined) throw notFoundError(definition, name);
        const current = /managedFields/.test(request.http.body) ? existing : withoutManagedFields(existing);
        object = applyPatch(request, scope, type, current, definition, options);
        fieldManager.update(existing, object, managerOf(request), context.now);
      }
      if (existing === undefined && object.metadata.uid !== undefined) {
        throw conflictError(
          definition,
          name,
          `uid mismatch: the provided object specified uid ${object.metadata.uid}, and no existing object was found`,
        );
      }
      ensureNamespace(definition.namespaced ? namespace : '', object.metadata);
      checkName(object, name, namespace);
      await admission.admit(existing === undefined ? 'CREATE' : 'UPDATE', object, existing);
      return object;
    },
    context,
    {
      strategy,
      forceAllowCreate: type === APPLY && subresource === '',
      validateUpdate: admission.validator('UPDATE'),
      validateCreate: async (object, old) => {
        await authorizeCreate(request, scope);
        await admission.validator('CREATE')(object, old);
      },
    },
  );
  return respondObject(request, scope, created ? 201 : 200, object, mediaType, view);
}

/** Patches seldom touch the managed fields: those that do not are spared the reading of them. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
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
    return parseText(body, 'json');
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
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
    case APPLY:
      throw new Error('an applied configuration is no patch');
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
