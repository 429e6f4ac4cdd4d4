import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { createCluster, LAB_START } from '../cluster/create-cluster.ts';
import { MemoryClient } from '../etcd/clientv3/memory.ts';
import { EtcdServer } from '../etcd/server/etcd-server.ts';
import { createEtcdctl } from '../etcdctl/etcdctl.ts';
import { Network } from '../node/network.ts';
import { simulatedMachine } from '../node/simulated-machine.ts';
import type { Shell } from '../shell/command.ts';
import { createShell } from '../shell/shell.ts';
import type { ShellOptions } from './options.ts';
import { settle } from './settle.ts';

/** A terminal and the clock that its commands wait on. */
export interface Lab {
  readonly clock: VirtualClock;
  readonly shell: Shell;
}

/** The lab that `sim shell` opens. */
export async function openLab(options: ShellOptions): Promise<Lab> {
  if (options.emptyEtcd) return openEtcdLab(options.seed);
  const cluster = await createCluster({ shape: 'kubeadm', seed: options.seed, settle });
  return { clock: cluster.clock, shell: cluster.openShell() };
}

const ENDPOINT = 'https://127.0.0.1:2379';

/** One machine with an empty etcd, and etcdctl set up to reach it. */
function openEtcdLab(seed: number): Lab {
  const rand = new Rand(seed);
  const clock = new VirtualClock({ start: LAB_START, settle });
  const machine = simulatedMachine(clock, {
    hostname: 'controlplane',
    address: '172.30.1.2',
    memoryKiB: 4_018_540,
    cpus: 2,
    network: new Network(),
  });
  const server = new EtcdServer(
    { clock, rand: rand.fork('etcd') },
    { name: 'default', listenClientUrls: [ENDPOINT], advertiseClientUrls: [ENDPOINT] },
  );
  server.start();
  const client = new MemoryClient(server);
  const etcdctl = createEtcdctl({
    network: {
      connect: (_machine, endpoint) => {
        if (endpoint === ENDPOINT || `https://${endpoint}` === ENDPOINT) return { client };
        const address = endpoint.replace(/^https?:\/\//, '');
        return {
          problem: `transport: Error while dialing: dial tcp ${address}: connect: connection refused`,
        };
      },
    },
  });
  const shell = createShell({
    machine,
    clock,
    programs: [etcdctl],
    variables: { ETCDCTL_ENDPOINTS: ENDPOINT },
  });
  return { clock, shell };
}
