import { goQuote } from '../../../apimachinery/go-format.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { GroupVersionKind, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf, groupResourceText } from '../../../apimachinery/object.ts';
import { badRequestError, StatusError } from '../../../apimachinery/status.ts';
import { matcherOf } from '../../registry/generic/list-options.ts';
import { withoutManagedFields } from '../../registry/rest/meta.ts';
import type { ValidateObject } from '../../registry/rest/object-store.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { Subresource, SubresourceContext } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import { negotiate } from './negotiation.ts';
import { listOptions } from './options.ts';
import { respond } from './response-writer.ts';
import type { RequestScope, StoredScope, Writing } from './scope.ts';
import { endpointContextOf, methodNotAllowed, RequestAdmission, respondObject } from './scope.ts';

const nothing: ValidateObject = () => Promise.resolve();

/** GET of deployments/web/scale and the like. */
export async function getSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: Extract<Subresource, { handler: 'object' }>,
): Promise<HttpResponse> {
  if (subresource.get === undefined) throw methodNotAllowed();
  const { mediaType, view } = negotiate(request, true);
  const object = await subresource.get(subresourceContext(request, scope, nothing));
  // Who manages the fields of a Scale is its parent's business.
  const shown = withoutManagedFields(object);
  return respondObject(request, scope, 200, shown, mediaType, view, subresource.columns);
}

/** Any method on pods/web/log, exec, proxy and the like; `writing` is asked for what admits a connection. */
export async function connectSubresource(
  request: ServerRequest,
  scope: StoredScope,
  subresource: Extract<Subresource, { handler: 'connect' }>,
  writing: () => Promise<Writing>,
): Promise<HttpResponse> {
  if (!subresource.methods.includes(request.http.method)) throw methodNotAllowed();
  if (subresource.produces !== undefined) negotiate(request, true, subresource.produces);
  const path = request.info.parts
    .slice(3)
    .map((part) => `/${part}`)
    .join('');
  const { kind = scope.definition, options } = subresource;
  if (options === undefined) {
    return subresource.connect(request.http, path, subresourceContext(request, scope, nothing));
  }
  if (request.query.has('dryRun')) throw badRequestError('dryRun is not supported');
  const admission = new RequestAdmission(request, await writing(), kind as GroupVersionKind, {}, false);
  const context = subresourceContext(request, scope, admission.validator('UPDATE'));
  const given = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...options(context, path) };
  await admission.connect(given as KubeObject);
  return subresource.connect(request.http, path, context);
}

/** GET of one computed object or of all. */
export async function readVirtual(request: ServerRequest, scope: RequestScope): Promise<HttpResponse> {
  const { definition } = scope;
  const context = endpointContextOf(request, scope, nothing);
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
  await scope.tables.prepare(view);
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

function subresourceContext(
  request: ServerRequest,
  scope: StoredScope,
  validate: ValidateObject,
): SubresourceContext {
  return { store: scope.store, ...endpointContextOf(request, scope, validate) };
}
