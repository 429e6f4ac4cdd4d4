import { deepCopy } from '../../../apimachinery/copy.ts';
import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import { API_SERVER_MANAGER, API_SERVER_USER, SYSTEM_PRIVILEGED_GROUP } from '../../authentication/user.ts';
import type { RequestContext } from '../../registry/rest/object-store.ts';
import type { ServerServices } from '../../registry/rest/server-services.ts';

/** Something that a kube-apiserver does by itself once it serves. */
export interface PostStartHook {
  /** As /readyz?verbose names it, without "poststarthook/". */
  readonly name: string;
  run(services: ServerServices): Promise<void>;
}

/**
 * Makes an object as the server's own user if there is none of its name and the kind is served.
 * `manager` is who manages its fields.
 */
export async function ensureObject(
  services: ServerServices,
  resource: GroupResource,
  object: KubeObject,
  manager = API_SERVER_MANAGER,
): Promise<void> {
  const isServed = services.registry
    .definitions()
    .some((known) => known.group === resource.group && known.resource === resource.resource);
  if (!isServed) return;
  const store = services.registry.storeFor(resource);
  const context: RequestContext = {
    user: { name: API_SERVER_USER, groups: [SYSTEM_PRIVILEGED_GROUP] },
    namespace: object.metadata.namespace ?? '',
    now: services.clock.now(),
    warn: () => {},
    requestId: undefined,
    dryRun: false,
  };
  const created = deepCopy(object);
  store.definition.strategy.fillDefaults?.(created);
  const fieldManager = await services.fieldManagerOf(store.definition);
  fieldManager.update(undefined, created, manager, context.now);
  try {
    await store.create(created, context);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
