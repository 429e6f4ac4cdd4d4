import { deepCopy } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { GroupVersionKind, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf, groupResourceText } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { matcherOf } from '../../registry/generic/list-options.ts';
import { ensureNamespace, wipeSystemFields } from '../../registry/rest/meta.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { Subresource, SubresourceContext } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import { managerOf } from './field-managers.ts';
import { negotiate } from './negotiation.ts';
import { listOptions, patchOptions, writeOptions } from './options.ts';
import { APPLY, applyPatch, loadApply, patchType, withoutManagedFields } from './patch.ts';
import { respond } from './response-writer.ts';
import type { RequestScope, StoredScope } from './scope.ts';
import { endpointContextOf, methodNotAllowed, RequestAdmission, respondObject } from './scope.ts';
import { checkName } from './update.ts';

type ObjectSubresource = Extract<Subresource, { handler: 'object' }>;

/** POST to pods/web/binding and the like: an object of a kind of its own. */
export async function createSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.create === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const options = writeOptions(request.query, 'CreateOptions');
  const object = scope.decoder.decode(request, subresource.kind, options.fieldValidation ?? '');
  subresource.fillDefaults?.(object);
  wipeSystemFields(object.metadata);
  ensureNamespace(scope.definition.namespaced ? request.info.namespace : '', object.metadata);
  const { admission, context } = prepare(request, scope, subresource.kind, options, 'CREATE');
  await admission.admit('CREATE', object, undefined);
  const created = await subresource.create(object, context);
  return respondObject(request, scope, 201, created, mediaType, view);
}

/** GET of deployments/web/scale and the like. */
export async function getSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.get === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const { context } = prepare(request, scope, subresource.kind, {}, 'UPDATE');
  return respondObject(request, scope, 200, shown(await subresource.get(context)), mediaType, view);
}

/** PUT of deployments/web/scale and the like. */
export async function updateSubresource(
  request: ServerRequest,
  scope: StoredScope,
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
  const current = await subresource.get?.(context);
  if (current !== undefined) trackFields(request, scope, subresource, current, object, context);
  await admission.admit('UPDATE', object, current);
  const updated = shown(await subresource.update(object, context));
  return respondObject(request, scope, 200, updated, mediaType, view);
}

/** PATCH of deployments/web/scale and the like: read, patch, write. */
export async function patchSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: ObjectSubresource,
): Promise<HttpResponse> {
  if (subresource.get === undefined || subresource.update === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const type = patchType(request);
  const options = patchOptions(request.query, type === APPLY);
  const { admission, context } = prepare(request, scope, subresource.kind, options, 'UPDATE');
  const current = await subresource.get(context);
  let object: KubeObject;
  if (type === APPLY) {
    const fieldManager = scope.fieldManagers.of(subresource.name, subresource.kind);
    object = (await loadApply(scope))(
      request,
      scope,
      fieldManager,
      current,
      subresource.kind,
      options,
      context.now,
    );
  } else {
    object = applyPatch(request, scope, type, deepCopy(current), subresource.kind, options);
    trackFields(request, scope, subresource, current, object, context);
  }
  subresource.fillDefaults?.(object);
  checkName(object, request.info.name, request.info.namespace);
  await admission.admit('UPDATE', object, current);
  const updated = shown(await subresource.update(object, context));
  return respondObject(request, scope, 200, updated, mediaType, view);
}

/** Who manages the fields of a Scale is its parent's business. */
const shown = withoutManagedFields;

/** Records who changed the object of a subresource. */
function trackFields(
  request: ServerRequest,
  scope: StoredScope,
  { name, kind }: ObjectSubresource,
  current: KubeObject,
  object: KubeObject,
  { now }: SubresourceContext,
): void {
  scope.fieldManagers.of(name, kind).update(current, object, managerOf(request), now);
}

/** Any method on pods/web/log, exec, proxy and the like. */
export async function connectSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: Extract<Subresource, { handler: 'connect' }>,
): Promise<HttpResponse> {
  if (!subresource.methods.includes(request.http.method)) throw methodNotAllowed();
  if (subresource.produces !== undefined) negotiate(request, true, subresource.produces);
  const path = request.info.parts
    .slice(3)
    .map((part) => `/${part}`)
    .join('');
  const { kind = scope.definition, options } = subresource;
  const { context, admission } = prepare(request, scope, kind, {}, 'UPDATE');
  if (options !== undefined) {
    const given = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...options(context, path) };
    await admission.connect(given as KubeObject);
  }
  return subresource.connect(request.http, path, context);
}

/** POST to a resource that is computed: subjectaccessreviews. */
export async function createVirtual(request: ServerRequest, scope: RequestScope): Promise<HttpResponse> {
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
  const created = await definition.virtual!.create!(object, context);
  return respondObject(request, scope, 201, created, mediaType, view);
}

/** GET of one computed object or of all. */
export async function readVirtual(request: ServerRequest, scope: RequestScope): Promise<HttpResponse> {
  const { definition } = scope;
  const context = endpointContextOf(request, scope, () => Promise.resolve());
  if (request.info.parts.length > 1) {
    const { mediaType, view } = negotiate(request, true);
    const object = await definition.virtual!.get!(context);
    return respondObject(request, scope, 200, object, mediaType, view);
  }
  const { mediaType, view } = negotiate(request, true);
  const options = listOptions(request.query, definition);
  if (request.info.verb === 'watch') throw watchNotSupported(definition);
  const all = await definition.virtual!.list!(context);
  const matches = matcherOf(definition, options);
  const list = matches === undefined ? all : { ...all, items: all.items.filter(matches) };
  const json = view === undefined ? scope.encoder.list(list) : scope.tables.listView(list, view, request);
  return respond(request, 200, json, mediaType);
}

/** Models errors.NewMethodNotSupported. */
function watchNotSupported(definition: ResourceDefinition): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    `watch is not supported on resources of kind ${goQuote(groupResourceText(definition))}`,
    { ...(definition.group !== '' && { group: definition.group }), kind: definition.resource },
  );
}

function prepare(
  request: ServerRequest,
  scope: StoredScope,
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
    context: { ...endpointContextOf(request, scope, validate, options), store: scope.store },
  };
}
