/** What the site uses of the simulator, in one place. */
export { bootCluster, Context, createCluster, statusText, summarizePod, toYaml } from 'sim-core';
export type {
  Checkpoint,
  Cluster,
  ClusterConfig,
  ClusterShape,
  Credentials,
  Editor,
  EtcdClient,
  HttpResponse,
  PatchOperation,
  Shell,
  TraceEvent,
  VirtualClock,
} from 'sim-core';
