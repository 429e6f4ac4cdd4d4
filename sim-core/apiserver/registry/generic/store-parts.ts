import type { Tracer } from '../../../apimachinery/trace.ts';
import type { Cacher } from '../../storage/cacher/cacher.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import type { RequestContext, ValidateObject } from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { ServerServices } from '../rest/server-services.ts';
import type { EndpointContext } from '../rest/subresource.ts';

/** What reads and writes of one resource's store work with. */
export interface StoreParts {
  readonly definition: ResourceDefinition;
  readonly storage: Etcd3Store;
  readonly cacher: Cacher;
  readonly tracer: Tracer;
  /** Called when the first request comes: the server is complete then. */
  readonly services: () => ServerServices;
}

/** What a kind's hooks get of a request about the object `name`. */
export function endpointContext(
  parts: StoreParts,
  name: string,
  context: RequestContext,
  validate: ValidateObject | undefined,
): EndpointContext {
  return Object.assign({}, context, {
    name,
    query: () => [],
    services: parts.services(),
    validate: validate ?? (() => Promise.resolve()),
  });
}
