import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { validateDeleteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { DeleteOptions } from '../../registry/rest/object-store.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { Query } from '../query.ts';
import type { ServerRequest } from '../request.ts';
import { negotiate } from './negotiation.ts';
import { checkOptions, integer, listOptions } from './options.ts';
import { respond } from './response-writer.ts';
import type { StoredWriteScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';

type ReadDeleteOptions = DeleteOptions & { readonly dryRun?: readonly string[] };

/** DELETE of one object. Models endpoints/handlers/delete.go DeleteResource. */
export async function deleteResource(request: ServerRequest, scope: StoredWriteScope): Promise<HttpResponse> {
  const { definition, store } = scope;
  const { name } = request.info;
  const { mediaType, view } = negotiate(request, true);
  const options = deleteOptions(request, scope);
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const result = await store.delete(name, options, context, admission.deletionValidator());
  // Cascading deletion was asked for by its old name, and something still holds the object.
  const status = !result.deleted && options.orphanDependents === false ? 202 : 200;
  const answer =
    result.deleted && definition.returnDeletedObject !== true
      ? deletedStatus(definition, result.object)
      : result.object;
  return respondObject(request, scope, status, answer, mediaType, view);
}

/** DELETE of a collection. Models endpoints/handlers/delete.go DeleteCollection. */
export async function deleteCollection(
  request: ServerRequest,
  scope: StoredWriteScope,
): Promise<HttpResponse> {
  const { definition, store } = scope;
  const { mediaType, view } = negotiate(request, true);
  const list = listOptions(request.query, definition);
  const options = deleteOptions(request, scope);
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const deleted = await store.deleteCollection(list, options, context, admission.deletionValidator());
  await scope.tables.prepare(view);
  const json =
    view === undefined ? scope.encoder.list(deleted) : scope.tables.listView(deleted, view, request);
  return respond(request, 200, json, mediaType);
}

/** The options in the body, or in the query if there is none. Rejects with 400 or 422. */
function deleteOptions(request: ServerRequest, { decoder }: StoredWriteScope): ReadDeleteOptions {
  const options =
    request.http.body === ''
      ? optionsInQuery(request)
      : (decoder.decodeDeleteOptions(request) as ReadDeleteOptions);
  checkOptions(
    'DeleteOptions',
    validateDeleteOptions(options as Parameters<typeof validateDeleteOptions>[0]),
  );
  return options;
}

function optionsInQuery({ query }: ServerRequest): ReadDeleteOptions {
  return {
    ...(query.has('gracePeriodSeconds') && { gracePeriodSeconds: integer(query, 'gracePeriodSeconds') }),
    ...(query.has('propagationPolicy') && {
      propagationPolicy: query.get('propagationPolicy') as NonNullable<DeleteOptions['propagationPolicy']>,
    }),
    ...(query.has('orphanDependents') && { orphanDependents: query.boolean('orphanDependents') }),
    ...(query.has('dryRun') && { dryRun: query.all('dryRun') }),
    ...preconditionsIn(query),
  };
}

/** Empty ones say nothing, unlike those of a body. Models Convert_url_Values_To_v1_DeleteOptions. */
function preconditionsIn(query: Query): Pick<DeleteOptions, 'preconditions'> {
  const uid = query.get('uid');
  const resourceVersion = query.get('resourceVersion');
  if (uid === '' && resourceVersion === '') return {};
  return { preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) } };
}

/** What a DELETE answers for most kinds. Models Store.finalizeDelete. */
function deletedStatus({ group, resource }: ResourceDefinition, { metadata }: KubeObject): KubeObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(group !== '' && { group }),
      kind: resource,
      uid: metadata.uid,
    },
  };
}
