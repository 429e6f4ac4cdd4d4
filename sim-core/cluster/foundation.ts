import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { Containerd } from '../cri/containerd/containerd.ts';
import type { ImageStore } from '../cri/containerd/image-store.ts';
import type { PodNetwork } from '../cri/containerd/pod-network.ts';
import { EtcdServer } from '../etcd/server/etcd-server.ts';
import type { Listener } from '../node/network.ts';
import { Network } from '../node/network.ts';
import type { SimulatedMachine } from '../node/simulated-machine.ts';
import { ClusterClientNetwork } from './client-network.ts';
import type { PkiFiles, SavedFoundation } from './checkpoint.ts';
import type { ComponentServices } from './components/services.ts';
import { Pki } from './pki.ts';
import { TraceCollector } from './trace-collector.ts';

/** The container runtime of one machine. */
interface NodeRuntime {
  readonly containerd: Containerd;
  readonly images: ImageStore;
  readonly podNetwork: PodNetwork;
}

/** What every shape of cluster stands on. */
export interface Foundation {
  readonly clock: VirtualClock;
  readonly trace: TraceCollector;
  readonly network: Network;
  /** Filled by the shape. */
  readonly machines: Map<string, SimulatedMachine>;
  /** By machine; filled by the shape. */
  readonly runtimes: Map<string, NodeRuntime>;
  readonly services: ComponentServices;
}

export interface FoundationConfig {
  readonly seed: number | string;
  /** The clock's first instant. */
  readonly start: number;
  readonly settle: () => Promise<void>;
  /** What a cluster before held. */
  readonly saved?: SavedFoundation;
  /** See ClusterConfig. */
  readonly pki?: PkiFiles;
  readonly compactionInterval?: number;
}

export function layFoundation({
  seed,
  start,
  settle,
  saved,
  pki,
  compactionInterval = 0,
}: FoundationConfig): Foundation {
  const rand = new Rand(seed);
  const clock = new VirtualClock({ start, settle });
  const trace = new TraceCollector(clock);
  const machines = new Map<string, SimulatedMachine>();
  const components = rand.fork('components');
  const network = new Network();
  return {
    clock,
    trace,
    network,
    machines,
    runtimes: new Map(),
    services: {
      clock,
      rand: components,
      tracer: trace,
      pki: new Pki(rand.fork('pki'), pki),
      network,
      compactionInterval,
      resumeFrom: saved?.etcd.map(([, { data }]) => String(data.revision))[0],
      clients: new ClusterClientNetwork(clock, () => machines.values()),
      etcdMembers: new Map(
        (saved?.etcd ?? []).map(([address, server]) => [
          address,
          {
            server: EtcdServer.restore({ clock, rand: components.fork(`etcd ${address}`) }, server),
            database: undefined,
          },
        ]),
      ),
      etcdServers: new WeakMap<Listener, EtcdServer>(),
    },
  };
}

/** The part of a checkpoint that {@link layFoundation} takes. */
export function saveFoundation({ etcdMembers }: ComponentServices): SavedFoundation {
  return {
    etcd: [...etcdMembers].map(([address, { server }]) => {
      // A kube-apiserver compacts every five minutes: of its first minutes a cluster keeps what stands.
      if (server.running && server.revision > 1) server.kv.compact(server.revision);
      return [address, server.save()] as const;
    }),
  };
}
