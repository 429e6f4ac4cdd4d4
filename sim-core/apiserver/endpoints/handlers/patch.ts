import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { EndpointKind } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import { bodyMediaType, negotiate, patchMediaType } from './negotiation.ts';
import { patchOptions } from './options.ts';
import type { RequestScope, StoredScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';
import { checkName } from './update.ts';

export const PATCH_TYPES = [
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

export function applyPatch(
  request: ServerRequest,
  scope: RequestScope,
  type: PatchType,
  current: KubeObject,
  kind: EndpointKind | ResourceDefinition,
  options: WriteOptions,
): KubeObject {
  void bodyMediaType;
  void scope;
  void type;
  void kind;
  void options;
  void request;
  return current;
}
