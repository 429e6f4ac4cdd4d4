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
  /** It keeps what it made; missing: it runs once. */
  readonly keeps?: {
    /** So often it looks, in milliseconds; 0: at once. */
    readonly every: number;
    /** It runs again if one of these may have changed. */
    readonly resources: readonly GroupResource[];
  };
  run(services: ServerServices): Promise<void>;
}

/** As the server itself writes. */
export function serverContext({ clock }: ServerServices, namespace: string): RequestContext {
  return {
    user: { name: API_SERVER_USER, groups: [SYSTEM_PRIVILEGED_GROUP] },
    namespace,
    now: clock.now(),
    warn: () => {},
    requestId: undefined,
    dryRun: false,
  };
}

/** How an object is kept. */
interface Keeping {
  /** Who manages its fields; default: kube-apiserver. */
  readonly manager?: string;
  /** What an object that is there should be instead; undefined if it is good. Missing: any is good. */
  correct?(live: KubeObject, wanted: KubeObject): KubeObject | undefined;
}

/**
 * Makes an object as the server's own user if there is none of its name and the kind is served, and corrects one
 * that is there. It looks into the watch cache first: where nothing is to be done etcd is not asked.
 */
export async function ensureObject(
  services: ServerServices,
  resource: GroupResource,
  object: KubeObject,
  { manager = API_SERVER_MANAGER, correct }: Keeping = {},
): Promise<void> {
  const isServed = services.registry
    .definitions()
    .some((known) => known.group === resource.group && known.resource === resource.resource);
  if (!isServed) return;
  const store = services.registry.storeFor(resource);
  const { name, namespace = '' } = object.metadata;
  const live = await services.reader.get(resource, namespace, name!);
  if (live !== undefined && correct === undefined) return;
  const wanted = deepCopy(object);
  store.definition.strategy.fillDefaults?.(wanted);
  if (live !== undefined && correct?.(live, wanted) === undefined) return;
  const context = serverContext(services, namespace);
  const fieldManager = await services.fieldManagerOf(store.definition);
  if (live !== undefined) {
    const change = (current: KubeObject) => {
      const corrected = correct?.(current, wanted);
      if (corrected === undefined) return current;
      fieldManager.update(current, corrected, manager, context.now);
      return corrected;
    };
    await store.update(name!, change, context);
    return;
  }
  fieldManager.update(undefined, wanted, manager, context.now);
  try {
    await store.create(wanted, context);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
