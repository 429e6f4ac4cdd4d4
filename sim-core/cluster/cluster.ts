import type { HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import type { TraceEvent } from '../apimachinery/trace.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { EtcdClient } from '../etcd/clientv3/client.ts';
import type { Machine } from '../node/machine.ts';
import type { Components } from './component-control.ts';
import type { Shell } from '../shell/command.ts';
import type { Checkpoint, PkiFiles } from './checkpoint.ts';

/**
 * Which cluster to build.
 * "kubeadm": controlplane, node01, node02 with everything running;
 * "manual": one machine whose control plane was installed by hand as systemd units;
 * "apiserver": a bare kube-apiserver on an empty etcd, no controllers, no nodes.
 */
export type ClusterShape = 'kubeadm' | 'manual' | 'apiserver';

export interface ClusterConfig {
  readonly shape: ClusterShape;
  readonly seed: number;
  /** One turn of the host's event loop; see VirtualClock. */
  readonly settle: () => Promise<void>;
  /** Where simulated time starts; default: the lab's constant date. */
  readonly start?: number;
  /** The cluster of this shape, seed and start, saved; missing: it is booted now, which takes longer. */
  readonly checkpoint?: Checkpoint;
  /** How many workers a kubeadm cluster has, at most 100; default: the lab's two. */
  readonly workers?: number;
  /** Further names and addresses of the kube-apiserver's certificate. Models kubeadm's apiServer.certSANs. */
  readonly certSANs?: readonly string[];
  /**
   * What a bare kube-apiserver keeps its objects in; default: an etcd in memory. One that is reached over a real
   * network answers in real time: the cluster is there before its server is ready.
   */
  readonly etcd?: EtcdClient;
  /** The port that a bare kube-apiserver says it is reached at; default: 6443. */
  readonly advertisePort?: number;
  /**
   * Files that lie below /etc/kubernetes/pki before the control plane is made ("ca.crt", "ca.key", "sa.key", …):
   * what kubeadm finds it uses, the rest it makes.
   */
  readonly pki?: PkiFiles;
  /**
   * How often kube-apiservers compact etcd unless --etcd-compaction-interval says otherwise, in milliseconds;
   * default: never, so that a lab can look at its past.
   */
  readonly compactionInterval?: number;
}

/** Credentials that a request of the page may be sent with. */
export interface Credentials {
  readonly certificate?: Certificate;
  readonly bearerToken?: string;
}

/** A running cluster: everything that the page, the CLI and the tests hold on to. */
export interface Cluster {
  readonly clock: VirtualClock;
  /** A client of the cluster's etcd, for looking; the apiserver has its own. */
  readonly etcd: EtcdClient;
  readonly machines: ReadonlyMap<string, Machine>;
  /** Credentials by name: "kubernetes-admin", "anonymous", … as in the kubeconfig files. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Sends a request to the kube-apiserver; rejects with ConnectionError if it does not listen. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Stops and starts what runs the cluster. */
  readonly components: Components;
  /** A root shell on a machine; "controlplane" by default. */
  openShell(machine?: string): Shell;
  /** All trace events so far, in order. */
  readonly trace: readonly TraceEvent[];
  /** Calls `listener` for each further event; returns a function that stops it. */
  onTrace(listener: (event: TraceEvent) => void): () => void;
}
