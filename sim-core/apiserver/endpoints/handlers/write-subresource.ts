import { deepCopy } from '../../../apimachinery/copy.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { GroupVersionKind, KubeObject } from '../../../apimachinery/object.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import { inStructureOrder } from '../../../apimachinery/schema/structure-order.ts';
import { ensureNamespace, wipeSystemFields, withoutManagedFields } from '../../registry/rest/meta.ts';
import type { Subresource, SubresourceContext } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import { managerOf } from './field-managers.ts';
import { negotiate } from './negotiation.ts';
import { patchOptions, writeOptions } from './write-options.ts';
import { APPLY, applyPatch, loadApply, patchType } from './patch.ts';
import type { StoredWriteScope, WriteScope } from './scope.ts';
import { endpointContextOf, methodNotAllowed, RequestAdmission, respondObject } from './scope.ts';
import { checkName } from './update.ts';

type ObjectSubresource = Extract<Subresource, { handler: 'object' }>;

/** POST to pods/web/binding and the like: an object of a kind of its own. */
export async function createSubresource(
  request: ServerRequest,
  scope: StoredWriteScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.create === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const options = writeOptions(request.query, 'CreateOptions');
  const object = scope.decoder.decode(request, subresource.kind, options.fieldValidation ?? '');
  subresource.fillDefaults?.(object);
  if (subresource.keepsSystemFields !== true) wipeSystemFields(object.metadata);
  ensureNamespace(scope.definition.namespaced ? request.info.namespace : '', object.metadata);
  const { admission, context } = prepare(request, scope, subresource.kind, options, 'CREATE');
  await admission.admit('CREATE', object, undefined);
  const created = inOrderOf(subresource.kind, await subresource.create(object, context));
  return respondObject(request, scope, 201, created, mediaType, view, subresource.columns);
}

/** PUT of deployments/web/scale and the like. */
export async function updateSubresource(
  request: ServerRequest,
  scope: StoredWriteScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.update === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const { name, namespace } = request.info;
  const options = writeOptions(request.query, 'UpdateOptions');
  const object = scope.decoder.decode(request, subresource.kind, options.fieldValidation ?? '');
  subresource.fillDefaults?.(object);
  ensureNamespace(scope.definition.namespaced ? namespace : '', object.metadata);
  checkName(object, name, namespace);
  const { admission, context } = prepare(request, scope, subresource.kind, options, 'UPDATE');
  const current = await (subresource.current ?? subresource.get)?.(context);
  if (current !== undefined) trackFields(request, scope, subresource, current, object, context);
  await admission.admit('UPDATE', object, current);
  const updated = withoutManagedFields(await subresource.update(object, context));
  return respondObject(request, scope, 200, updated, mediaType, view, subresource.columns);
}

/** PATCH of deployments/web/scale and the like: read, patch, write. */
export async function patchSubresource(
  request: ServerRequest,
  scope: StoredWriteScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.get === undefined || subresource.update === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const type = patchType(request);
  const options = patchOptions(request.query, type === APPLY);
  const { admission, context } = prepare(request, scope, subresource.kind, options, 'UPDATE');
  const current = await (subresource.current ?? subresource.get)(context);
  let object: KubeObject;
  if (type === APPLY) {
    const fieldManager = scope.fieldManagers.of(subresource.name, subresource.kind);
    const { applyConfiguration, unconvertible } = await loadApply(scope);
    object = applyConfiguration(
      request,
      scope,
      fieldManager,
      current,
      subresource.kind,
      options,
      context.now,
    );
    if (scope.definition.custom !== undefined) throw unconvertible(request, subresource.kind);
  } else {
    object = applyPatch(request, scope, type, deepCopy(current), subresource.kind, options);
    trackFields(request, scope, subresource, current, object, context);
  }
  subresource.fillDefaults?.(object);
  checkName(object, request.info.name, request.info.namespace);
  await admission.admit('UPDATE', object, current);
  const updated = withoutManagedFields(await subresource.update(object, context));
  return respondObject(request, scope, 200, updated, mediaType, view, subresource.columns);
}

/** Records who changed the object of a subresource. */
function trackFields(
  request: ServerRequest,
  scope: StoredWriteScope,
  { name, kind }: ObjectSubresource,
  current: KubeObject,
  object: KubeObject,
  { now }: SubresourceContext,
): void {
  scope.fieldManagers.of(name, kind).update(current, object, managerOf(request), now);
}

/** POST to a resource that is computed: subjectaccessreviews. */
export async function createVirtual(request: ServerRequest, scope: WriteScope): Promise<HttpResponse> {
  const { definition } = scope;
  const { mediaType, view } = negotiate(request, 'metadata');
  const options = writeOptions(request.query, 'CreateOptions');
  const object = scope.decoder.decode(request, definition, options.fieldValidation ?? '');
  wipeSystemFields(object.metadata);
  ensureNamespace(definition.namespaced ? request.info.namespace : '', object.metadata);
  const dryRun = (options.dryRun ?? []).includes('All');
  const admission = new RequestAdmission(request, scope, definition, options, dryRun);
  const context = endpointContextOf(request, scope, admission.validator('CREATE'), options);
  scope.fieldManagers.of('').update(undefined, object, managerOf(request), context.now);
  await admission.admit('CREATE', object, undefined);
  const created = inOrderOf(definition, await definition.virtual!.create!(object, context));
  return respondObject(request, scope, 201, created, mediaType, view);
}

/** What is not stored has not been put in order yet. */
function inOrderOf({ kind, schema }: { kind: string; schema: string }, object: KubeObject): KubeObject {
  const type = object.kind === kind ? schemaOf(schema) : undefined;
  return type === undefined ? object : inStructureOrder(object, type);
}

function prepare(
  request: ServerRequest,
  scope: StoredWriteScope,
  kind: GroupVersionKind,
  options: { readonly dryRun?: readonly string[] | undefined },
  operation: 'CREATE' | 'UPDATE',
): { admission: RequestAdmission; context: SubresourceContext } {
  const dryRun = (options.dryRun ?? []).includes('All');
  const admission = new RequestAdmission(request, scope, kind, options, dryRun);
  const validate = (object: KubeObject, old: KubeObject | undefined) =>
    admission.validator(operation)(object, old);
  return {
    admission,
    context: { store: scope.store, ...endpointContextOf(request, scope, validate, options) },
  };
}
