import type { HttpResponse } from '../../../apimachinery/http.ts';
import { ensureNamespace, wipeSystemFields } from '../../registry/rest/meta.ts';
import type { ServerRequest } from '../request.ts';
import { managerOf } from './field-managers.ts';
import { negotiate } from './negotiation.ts';
import { writeOptions } from './write-options.ts';
import { dedupOwnerReferences } from './owner-references.ts';
import type { StoredWriteScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';

/** POST to a collection. Models endpoints/handlers/create.go. */
export async function createResource(request: ServerRequest, scope: StoredWriteScope): Promise<HttpResponse> {
  const { definition } = scope;
  const { mediaType, view } = negotiate(request, true);
  const options = writeOptions(request.query, 'CreateOptions');
  const object = scope.decoder.decode(request, definition, options.fieldValidation ?? '');
  const { metadata } = object;
  wipeSystemFields(metadata);
  ensureNamespace(definition.namespaced ? request.info.namespace : '', metadata);
  const context = contextOf(request, scope, options);
  request.warnings.push(...dedupOwnerReferences(metadata, ''));
  scope.fieldManagers.of('').update(undefined, object, managerOf(request), context.now);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  await admission.admit('CREATE', object, undefined);
  const created = await scope.store.create(object, context, admission.validator('CREATE'));
  return respondObject(request, scope, 201, created, mediaType, view);
}
