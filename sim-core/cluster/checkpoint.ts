import type { SavedContainerd } from '../cri/containerd/containerd.ts';
import type { SavedPodNetwork } from '../cri/containerd/pod-network.ts';
import type { SavedEtcdServer } from '../etcd/server/etcd-server.ts';
import type { SavedMachine } from '../node/simulated-machine.ts';

export interface BootConfig {
  readonly seed: number;
  /** The instant that the cluster is booted up to, in milliseconds since the Unix epoch. */
  readonly start: number;
  /** One turn of the host's event loop; see VirtualClock. */
  readonly settle: () => Promise<void>;
  /** See ClusterConfig. */
  readonly workers?: number;
  readonly certSANs?: readonly string[];
  readonly pki?: PkiFiles;
}

/** PEM texts by their path below /etc/kubernetes/pki. */
export type PkiFiles = Readonly<Record<string, string>>;

/** The container runtime of a machine, saved. */
export interface SavedRuntime {
  readonly containerd: SavedContainerd;
  readonly podNetwork: SavedPodNetwork;
  /** Images on the machine, by full name. */
  readonly images: readonly string[];
}

/** What all machines of a cluster share, saved. */
export interface SavedFoundation {
  /** By machine and address: "controlplane https://127.0.0.1:2379". */
  readonly etcd: readonly (readonly [address: string, server: SavedEtcdServer])[];
}

/**
 * A cluster at one instant: what its machines, its container runtimes and its etcd hold, as plain JSON. What
 * its processes had in memory is not in it: in a restored cluster they go on as processes that find everything
 * done, so a checkpoint is taken of a cluster that is quiet.
 *
 * Every cluster begins as a restored one, so what a lab does is the same whether its cluster was booted
 * on the spot or comes from a checkpoint that was made before.
 */
export interface Checkpoint extends SavedFoundation {
  readonly v: 1;
  readonly seed: number;
  /** The clock, in milliseconds since the Unix epoch. */
  readonly time: number;
  readonly machines: readonly { readonly machine: SavedMachine; readonly runtime?: SavedRuntime }[];
  /** Client certificates by user, as PEM; "" for none. */
  readonly credentials: readonly (readonly [name: string, certificate: string])[];
}
