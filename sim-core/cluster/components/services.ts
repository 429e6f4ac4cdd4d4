import type { Tracer } from '../../apimachinery/trace.ts';
import type { Decoder } from '../../client-go/rest/decoder.ts';
import type { Clock } from '../../clock/clock.ts';
import { Rand } from '../../clock/rand.ts';
import type { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { Listener, Network } from '../../node/network.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { ClusterClientNetwork } from '../client-network.ts';
import type { Pki } from '../pki.ts';

/** What the programs of the control plane share, beside the machine that they run on. */
export interface ComponentServices {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly tracer: Tracer;
  readonly pki: Pki;
  readonly clients: ClusterClientNetwork;
  readonly network: Network;
  /** The revision at which the cluster was saved that this one goes on from. */
  readonly resumeFrom: string | undefined;
  /** One for all clients, so that a change that reaches many is parsed once. */
  readonly decoder: Decoder;
  /** Data directories of etcd: "controlplane:/var/lib/etcd". */
  readonly dataDirectories: Map<string, EtcdServer>;
  /** The etcd behind a listener. */
  readonly etcdServers: WeakMap<Listener, EtcdServer>;
}

/** Says in the trace that a component runs, until its process ends. */
export function traceComponent(
  { tracer }: ComponentServices,
  component: string,
  { machine, killed }: ProgramEnvironment,
): void {
  const node = machine.hostname;
  tracer.emit({ type: 'component', component, node, state: 'started' });
  killed.onCancel(() => tracer.emit({ type: 'component', component, node, state: 'stopped' }));
}

/** A uuid for a run of a program, the same each time it is asked for. */
export function processId({ id }: ProgramEnvironment): string {
  return new Rand(id).uuid();
}

/** The text of a file that a program names; undefined if it cannot see one there. */
export function readFile({ machine, hostPath }: ProgramEnvironment, path: string): string | undefined {
  const real = hostPath(path);
  if (real === undefined || !machine.files.exists(real)) return undefined;
  const { type } = machine.files.stat(machine.files.realPath(real));
  return type === 'file' ? machine.files.read(real) : undefined;
}
