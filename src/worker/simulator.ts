/** What the site uses of the simulator, in one place. */
export { Context, createCluster, statusText } from 'sim-core';
export type {
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
