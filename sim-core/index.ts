import type { Cluster } from './cluster/cluster.ts';
import type { PendingWork } from './cluster/pending-work.ts';

export { bootCluster, createCluster, LAB_START } from './cluster/create-cluster.ts';
export type { Checkpoint } from './cluster/checkpoint.ts';
export type { Cluster, ClusterConfig, ClusterShape, Credentials } from './cluster/cluster.ts';
export type { PendingWork } from './cluster/pending-work.ts';
export { historyDigest } from './cluster/history-digest.ts';
export { VirtualClock } from './clock/virtual-clock.ts';
export { Context } from './clock/context.ts';
export type { Certificate } from './crypto/x509/certificate.ts';
export type { HttpHeaders, HttpRequest, HttpResponse, HttpStream } from './apimachinery/http.ts';
export { ConnectionError, headerOf, headerValues } from './apimachinery/http.ts';
export { statusText } from './apimachinery/http-status.ts';
export type { Descriptions } from './apimachinery/schema/descriptions.ts';
export { loadDescriptions } from './apimachinery/schema/descriptions.ts';
export type { FieldSchema, ObjectSchema, TypeSchema } from './apimachinery/schema/schema.ts';
export type { Json, JsonObject, KubeObject } from './apimachinery/object.ts';
export type { ObjectReference, PatchOperation, TraceEvent } from './apimachinery/trace.ts';
export type { EtcdClient } from './etcd/clientv3/client.ts';
export { EtcdError, prefixEnd } from './etcd/clientv3/client.ts';
export { snapshotValues } from './etcd/server/snapshot.ts';
export type { CommandResult, Completion, Editor, Shell, ShellRunOptions } from './shell/command.ts';
export { summarizePod } from './apiserver/registry/core/pod/printer.ts';
export type { Machine } from './node/machine.ts';
export { TerminalInput } from './node/terminal-input.ts';
export { ETCD_VERSION, KUBERNETES_VERSION } from './version.ts';

/** A JSON value as `kubectl get -o yaml` lays it out; what does that is fetched on use. */
export async function toYaml(value: unknown): Promise<string> {
  return (await import('./apimachinery/json/yaml-writer.ts')).toYaml(value);
}

/** What goes on by itself as simulated time passes, soonest first; what finds it is fetched on use. */
export async function pendingWork(cluster: Cluster): Promise<readonly PendingWork[]> {
  return (await import('./cluster/pending-work.ts')).pendingWork(cluster);
}
