import { Pem, PEM_FILE } from '../crypto/x509/pem.ts';
import { DATABASE_FILE, WAL_FILE } from '../etcdutl/data-directory.ts';
import { KUBECONFIG_FILE } from '../kubectl/clientcmd/kubeconfig-file.ts';
import type { AnyFormat } from '../node/file-content.ts';
import type { SimulatedMachine } from '../node/simulated-machine.ts';
import { MemoryClient } from '../etcd/clientv3/memory.ts';
import { restoredMachine } from '../node/simulated-machine.ts';
import type { Checkpoint, SavedRuntime } from './checkpoint.ts';
import type { Cluster, ClusterConfig, Credentials } from './cluster.ts';
import type { Foundation } from './foundation.ts';
import { layFoundation } from './foundation.ts';
import { RunningCluster } from './running-cluster.ts';

/** What a cluster takes over from who builds it. */
export type ClusterHost = Pick<ClusterConfig, 'settle' | 'compactionInterval'>;

/** What a shape of cluster adds to its checkpoint: the programs of its machines. */
export interface RestoredShape {
  /** The machine that the reader sits at. */
  readonly home: string;
  readonly apiserver: { readonly address: string; readonly port: number };
  /** Loads the units of a machine, whose container runtime held `runtime`, if it has one. */
  install(foundation: Foundation, machine: SimulatedMachine, runtime: SavedRuntime | undefined): void;
}

/**
 * The cluster that a checkpoint was taken of. Its processes go on: first those in containers, in the order in
 * which those were made, then the units.
 */
export async function restoreCluster(
  checkpoint: Checkpoint,
  host: ClusterHost,
  { home, apiserver, install }: RestoredShape,
): Promise<Cluster> {
  const { time, seed, machines, credentials } = checkpoint;
  const foundation = layFoundation({ seed: `${seed} restored`, start: time, ...host, saved: checkpoint });
  for (const { machine: saved, runtime } of machines) {
    const machine = restoredMachine(foundation.clock, saved, foundation.network, FORMATS);
    foundation.machines.set(machine.hostname, machine);
    install(foundation, machine, runtime);
  }
  for (const { machine, runtime } of machines) {
    if (runtime === undefined) continue;
    foundation.runtimes.get(machine.hostname)!.containerd.resume(runtime.containerd);
  }
  for (const { machine } of machines) {
    foundation.machines.get(machine.hostname)!.services.resume(machine.services);
  }
  await foundation.clock.settled();
  const etcd = [...foundation.services.etcdMembers.values()][0]?.server;
  if (etcd === undefined) throw new Error('the cluster came up without an etcd');
  return new RunningCluster(foundation, {
    etcd: new MemoryClient(etcd),
    credentials: new Map(credentials.map(restoredCredentials)),
    home,
    apiserver,
  });
}

/** Files whose values come through a checkpoint. */
const FORMATS: readonly AnyFormat[] = [PEM_FILE, KUBECONFIG_FILE, WAL_FILE, DATABASE_FILE];

function restoredCredentials([name, text]: readonly [string, string]): readonly [string, Credentials] {
  if (text === '') return [name, {}];
  const pem = Pem.ofOwnText(text);
  return [
    name,
    {
      get certificate() {
        return pem.contents.certificates[0]!;
      },
    },
  ];
}
