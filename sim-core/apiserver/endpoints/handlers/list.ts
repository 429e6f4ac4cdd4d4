import { FieldSelector } from '../../../apimachinery/fields/selector.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { ServerRequest } from '../request.ts';
import { negotiate, negotiateStream, PRODUCES } from './negotiation.ts';
import { listOptions } from './options.ts';
import { respond } from './response-writer.ts';
import type { StoredScope } from './scope.ts';
import { contextOf } from './scope.ts';
import { watchResource } from './watch.ts';

/** What the path of a watch of one object selects: /api/v1/watch/namespaces/a/pods/web. */
const only = (name: string) => new FieldSelector([{ field: 'metadata.name', operator: '=', value: name }]);

/** GET of a collection: a list, or a watch. Models endpoints/handlers/get.go ListResource. */
export async function listResource(request: ServerRequest, scope: StoredScope): Promise<HttpResponse> {
  const isWatch = request.info.verb === 'watch';
  const { mediaType, view } = isWatch ? negotiateStream(request) : negotiate(request, true, PRODUCES.lists);
  const asked = listOptions(request.query, scope.definition);
  const { name, parts } = request.info;
  const options = isWatch && parts.length > 1 ? { ...asked, fields: only(name) } : asked;
  await scope.tables.prepare(view);
  if (isWatch) return watchResource(request, scope, options, view);
  const list = await scope.store.listWith(options, contextOf(request, scope));
  const json = view === undefined ? scope.encoder.list(list) : scope.tables.listView(list, view, request);
  return respond(request, 200, json, mediaType);
}
