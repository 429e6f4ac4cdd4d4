import { Decoder } from '../client-go/rest/decoder.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { EtcdServer } from '../etcd/server/etcd-server.ts';
import type { Listener } from '../node/network.ts';
import { Network } from '../node/network.ts';
import type { Machine } from '../node/machine.ts';
import { ClusterClientNetwork } from './client-network.ts';
import type { ClusterConfig } from './cluster.ts';
import type { ComponentServices } from './components/services.ts';
import { Pki } from './pki.ts';
import { TraceCollector } from './trace-collector.ts';

/** What every shape of cluster stands on. */
export interface Foundation {
  readonly clock: VirtualClock;
  readonly trace: TraceCollector;
  readonly network: Network;
  /** Filled by the shape. */
  readonly machines: Map<string, Machine>;
  readonly services: ComponentServices;
}

const DECODER_CAPACITY = 512;

/** `age` is how long before `config.start` the clock begins, in milliseconds. */
export function layFoundation(config: Required<ClusterConfig>, age: number): Foundation {
  const rand = new Rand(config.seed);
  const clock = new VirtualClock({ start: config.start - age, settle: config.settle });
  const trace = new TraceCollector(clock);
  const machines = new Map<string, Machine>();
  const pki = new Pki(rand.fork('pki'));
  return {
    clock,
    trace,
    network: new Network(),
    machines,
    services: {
      clock,
      rand: rand.fork('components'),
      tracer: trace,
      pki,
      clients: new ClusterClientNetwork(clock, pki, () => machines.values()),
      decoder: new Decoder({ capacity: DECODER_CAPACITY, freeze: false }),
      dataDirectories: new Map<string, EtcdServer>(),
      etcdServers: new WeakMap<Listener, EtcdServer>(),
    },
  };
}
