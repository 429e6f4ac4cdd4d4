import { goValue } from '../../../apimachinery/go-values.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { convertedValue, parsedValue } from '../../../apimachinery/json/parse.ts';
import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf, parseApiVersion } from '../../../apimachinery/object.ts';
import { applyJsonPatch, JsonPatchError } from '../../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import { StrategicPatchError } from '../../../apimachinery/patch/strategic/directives.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../../apimachinery/patch/strategic/patch-schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import {
  badRequestError,
  conflictError,
  invalidError,
  notFoundError,
  StatusError,
  unknownError,
} from '../../../apimachinery/status.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import { ensureNamespace, withoutManagedFields } from '../../registry/rest/meta.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { ServerRequest } from '../request.ts';
import type { TargetKind } from './decode.ts';
import { limitedBody } from './body.ts';
import { managerOf } from './field-managers.ts';
import { negotiate, patchMediaType, unsupportedMediaType } from './negotiation.ts';
import { patchOptions } from './write-options.ts';
import { dedupOwnerReferences } from './owner-references.ts';
import { DuplicatesKept, readJsonPatch, readObjectPatch } from './patch-document.ts';
import {
  customText,
  patchedText,
  touchedByMerge,
  touchedByOperations,
  withSortedKeys,
  withSortedMaps,
} from './patched-text.ts';
import { unstructuredMessage } from './unstructured-message.ts';
import type { WriteScope, StoredWriteScope } from './scope.ts';
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
  scope: StoredWriteScope,
  strategy: UpdateStrategy,
): Promise<HttpResponse> {
  const { definition } = scope;
  const { name, namespace, subresource } = request.info;
  const type = patchType(request);
  const { mediaType, view } = negotiate(request, true);
  const options = patchOptions(request.query, type === APPLY);
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const fieldManager = scope.fieldManagers.of(subresource);
  const { object, created } = await scope.store.updateWith(
    name,
    async (existing) => {
      let object: KubeObject;
      if (type === APPLY) {
        object = (await loadApply(scope)).applyConfiguration(
          request,
          scope,
          fieldManager,
          existing,
          definition,
          options,
          context.now,
        );
      } else {
        if (existing === undefined) throw notFoundError(definition, name);
        // Patches seldom touch the managed fields: those that do not are spared the reading of them.
        const current = /managedFields/.test(request.http.body) ? existing : withoutManagedFields(existing);
        object = applyPatch(request, scope, type, current, definition, options, existing);
        request.warnings.push(...dedupOwnerReferences(object.metadata, ''));
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

/** What only an apply needs is fetched when somebody applies. */
export async function loadApply({ services }: WriteScope) {
  return services.clock.outside(import('./apply.ts'));
}

/**
 * What the request's patch makes of `current`, decoded and with defaults. `whole` is the same with the managed
 * fields, for messages. Rejects with 400, 413 or 422.
 */
export function applyPatch(
  request: ServerRequest,
  { decoder }: WriteScope,
  type: PatchType,
  current: KubeObject,
  target: TargetKind,
  { fieldValidation = '' }: WriteOptions,
  whole: KubeObject = current,
): KubeObject {
  const { patched, strictErrors, text } = patchedBy(limitedBody(request), current, type, target, whole);
  const strategic = type === 'application/strategic-merge-patch+json';
  const refuse = (message: string) =>
    invalidError({ group: '', kind: '' }, '', [
      invalid('patch', text(), strategic ? unstructuredMessage(message) : message),
    ]);
  // A strategic patch is merged into the typed object, whatever it calls itself.
  if (!strategic && !isCustom(target)) {
    decoder.checkPatchedKind(request, patched.value, target, fieldValidation, refuse);
  }
  // The status is all that is taken of an object whose status is patched.
  if (isCustom(target) && request.info.subresource === '')
    checkCustomType(patched.value as JsonObject, target);
  return decoder.decodeParsed(request, patched, target, fieldValidation, strictErrors, refuse);
}

const isCustom = (target: TargetKind) => 'custom' in target && target.custom !== undefined;

/** Rejects with 422 what a patch made another kind of. Models customresource/validator.go ValidateTypeMeta. */
function checkCustomType({ kind, apiVersion, metadata }: JsonObject, target: TargetKind): void {
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return;
  const expected = apiVersionOf(target);
  const errors: FieldError[] = [];
  if (kind !== target.kind) errors.push(invalid('kind', kind, `must be ${target.kind}`));
  if (apiVersion !== expected) errors.push(invalid('apiVersion', apiVersion, `must be ${expected}`));
  if (errors.length === 0) return;
  const { name } = metadata as JsonObject;
  throw invalidError({ group: parseApiVersion(apiVersion).group, kind }, name as string, errors);
}

interface Patched {
  readonly patched: ParsedText;
  readonly strictErrors: readonly string[];
  /** What a message shows of it. */
  text(): string;
}

function patchedBy(
  body: string,
  object: KubeObject,
  type: PatchType,
  target: TargetKind,
  whole: KubeObject,
): Patched {
  const current = object as unknown as JsonObject;
  const all = whole as unknown as JsonObject;
  switch (type) {
    case 'application/json-patch+json': {
      const { patch, strictErrors, parsed } = readJsonPatch(body);
      const duplicates = new DuplicatesKept(parsed.duplicates);
      const value = withPatchErrors(() => applyJsonPatch(current, patch, duplicates.copy));
      const text = () =>
        isCustom(target)
          ? customText(applyJsonPatch(all, patch) as JsonObject)
          : patchedText(applyJsonPatch(withSortedMaps(all), patch), touchedByOperations(patch));
      return { patched: { ...parsedValue(value), duplicates: duplicates.copies }, strictErrors, text };
    }
    case 'application/merge-patch+json': {
      const { patch, strictErrors } = readObjectPatch(body, 'error decoding patch: ');
      if (patch === undefined) throw badRequestError('Invalid JSON Patch');
      const value = applyMergePatch(current, patch);
      const text = () =>
        isCustom(target)
          ? customText(applyMergePatch(all, patch) as JsonObject)
          : patchedText(applyMergePatch(withSortedMaps(all), withSortedKeys(patch)), touchedByMerge(patch));
      return { patched: parsedValue(value), strictErrors, text };
    }
    case 'application/strategic-merge-patch+json': {
      const schema = schemaOf(target.schema);
      // How lists merge is known of built-in kinds only.
      if (schema === undefined)
        throw unsupportedMediaType(PATCH_TYPES.filter((candidate) => candidate !== type));
      const { patch = {}, strictErrors } = readObjectPatch(body, '');
      const value = withPatchErrors(() => applyStrategicMergePatch(current, patch, patchSchemaOf(schema)));
      return { patched: convertedValue(value), strictErrors, text: () => goValue(patch) };
    }
    case APPLY:
      throw new Error('an applied configuration is no patch');
  }
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
