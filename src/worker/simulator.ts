/** What the site uses of the simulator, in one place. */
export {
  bootCluster,
  Context,
  createCluster,
  historyDigest,
  loadDescriptions,
  statusText,
  summarizePod,
  toYaml,
} from 'sim-core';
export type {
  Checkpoint,
  Cluster,
  ClusterConfig,
  ClusterShape,
  Credentials,
  Editor,
  Descriptions,
  EtcdClient,
  FieldSchema,
  HttpResponse,
  ObjectSchema,
  PatchOperation,
  Shell,
  TraceEvent,
  TypeSchema,
  VirtualClock,
} from 'sim-core';
