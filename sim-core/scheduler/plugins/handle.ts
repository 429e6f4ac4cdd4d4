import type { ReplicaSet, StatefulSet } from 'kubernetes-types/apps/v1';
import type {
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  ReplicationController,
  Service,
} from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import type { SchedulerCache } from '../cache/cache.ts';

/** What plugins may look at and work with. Models framework.Handle. */
export interface Handle {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly context: Context;
  readonly cache: SchedulerCache;
  readonly services: Lister<Service>;
  readonly replicationControllers: Lister<ReplicationController>;
  readonly replicaSets: Lister<ReplicaSet>;
  readonly statefulSets: Lister<StatefulSet>;
  /** Filled for pods whose plugins need them. */
  readonly namespaces: Lister<Namespace>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly storageClasses: Lister<StorageClass>;
}
