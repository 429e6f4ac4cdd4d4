import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { ServerRequest } from '../request.ts';
import { negotiate } from './negotiation.ts';
import { listOptions } from './options.ts';
import { respond } from './response-writer.ts';
import type { StoredScope } from './scope.ts';
import { contextOf } from './scope.ts';
import { watchResource } from './watch.ts';

/** GET of a collection: a list, or a watch. Models endpoints/handlers/get.go ListResource. */
export async function listResource(request: ServerRequest, scope: StoredScope): Promise<HttpResponse> {
  const { mediaType, view } = negotiate(request, true, true);
  const options = listOptions(request.query, scope.definition);
  if (request.info.verb === 'watch') return watchResource(request, scope, options, mediaType, view);
  const list = await scope.store.listWith(options, contextOf(request, scope));
  const json =
    view === undefined
      ? scope.encoder.list(list, scope.definition.custom !== undefined)
      : scope.tables.listView(list, view, request);
  return respond(request, 200, json, mediaType);
}
