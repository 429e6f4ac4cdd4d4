import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { ServerRequest } from '../request.ts';
import { negotiate } from './negotiation.ts';
import { refuseExport } from './options.ts';
import type { StoredScope } from './scope.ts';
import { contextOf, respondObject } from './scope.ts';

/** GET of one object. Models endpoints/handlers/get.go GetResource. */
export async function getResource(request: ServerRequest, scope: StoredScope): Promise<HttpResponse> {
  const { mediaType, view } = negotiate(request, true);
  refuseExport(request.query);
  const resourceVersion = request.query.get('resourceVersion');
  const object = await scope.store.getAt(request.info.name, resourceVersion, contextOf(request, scope));
  return respondObject(request, scope, 200, object, mediaType, view);
}
