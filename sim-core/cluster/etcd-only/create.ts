import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { MemoryClient } from '../../etcd/clientv3/memory.ts';
import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import { createEtcdctl } from '../../etcdctl/etcdctl.ts';
import type { EtcdNetwork } from '../../etcdctl/network.ts';
import { createEtcdutl } from '../../etcdutl/etcdutl.ts';
import { Network } from '../../node/network.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import type { Shell } from '../../shell/command.ts';
import { createShell } from '../../shell/shell.ts';

export interface EtcdLabConfig {
  readonly seed: number;
  /** Where simulated time starts. */
  readonly start: number;
  /** One turn of the host's event loop; see VirtualClock. */
  readonly settle: () => Promise<void>;
}

/** A terminal and the clock that its commands wait on. */
export interface EtcdLab {
  readonly clock: VirtualClock;
  readonly shell: Shell;
}

const ENDPOINT = 'https://127.0.0.1:2379';

/** One machine with an empty etcd that speaks TLS, no cluster, and a variable that leads etcdctl to it. */
export function createEtcdLab({ seed, start, settle }: EtcdLabConfig): EtcdLab {
  const rand = new Rand(seed);
  const clock = new VirtualClock({ start, settle });
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
  const shell = createShell({
    machine,
    clock,
    programs: [createEtcdctl({ network: networkTo(server) }), createEtcdutl()],
    variables: { ETCDCTL_ENDPOINTS: ENDPOINT },
  });
  return { clock, shell };
}

function networkTo(server: EtcdServer): EtcdNetwork {
  return {
    connect: async (_machine, endpoint, { user }) => {
      if (endpoint === ENDPOINT) return { client: new MemoryClient(server, user && { user }) };
      const address = endpoint.replace(/^https?:\/\//, '');
      return {
        problem: `transport: Error while dialing: dial tcp ${address}: connect: connection refused`,
      };
    },
  };
}
