/** What the site uses of the simulator, in one place. */
export { bootCluster, Context, createCluster, statusText } from 'sim-core';
export type {
  Checkpoint,
  Cluster,
  ClusterConfig,
  ClusterShape,
  Credentials,
  EtcdClient,
  HttpResponse,
  PatchOperation,
  Shell,
  TraceEvent,
} from 'sim-core';
