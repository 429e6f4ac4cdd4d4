import type { Tracer } from '../../apimachinery/trace.ts';
import type { Clock } from '../../clock/clock.ts';
import { Rand } from '../../clock/rand.ts';
import type { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { FileFormat } from '../../node/file-content.ts';
import type { Listener, Network } from '../../node/network.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { ClusterClientNetwork } from '../client-network.ts';
import type { Pki } from '../pki.ts';
import type { EtcdDatabase } from '../../etcdutl/data-directory.ts';

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
  /** How often a kube-apiserver compacts that was not told by its flag, in milliseconds; 0: never. */
  readonly compactionInterval: number;
  /** Members of etcd by machine and address: "controlplane https://127.0.0.1:2379". */
  readonly etcdMembers: Map<string, EtcdMember>;
  /** The etcd behind a listener. */
  readonly etcdServers: WeakMap<Listener, EtcdServer>;
}

/** A member of etcd, and the database that it works on; undefined if that lies in no directory of the machine. */
export interface EtcdMember {
  readonly server: EtcdServer;
  database: EtcdDatabase | undefined;
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
export function readFile(environment: ProgramEnvironment, path: string): string | undefined {
  const real = visibleFile(environment, path);
  return real === undefined ? undefined : environment.machine.files.read(real);
}

/** The same in the form of `format`; throws what its parser throws. */
export function readFileAs<T>(
  environment: ProgramEnvironment,
  path: string,
  format: FileFormat<T>,
): T | undefined {
  const real = visibleFile(environment, path);
  return real === undefined ? undefined : environment.machine.files.readAs(real, format);
}

/** Whether a program sees a file at `path`. */
export function hasFile(environment: ProgramEnvironment, path: string): boolean {
  return visibleFile(environment, path) !== undefined;
}

function visibleFile({ machine, hostPath }: ProgramEnvironment, path: string): string | undefined {
  const real = path === '' ? undefined : hostPath(path);
  if (real === undefined || !machine.files.exists(real)) return undefined;
  return machine.files.stat(machine.files.realPath(real)).type === 'file' ? real : undefined;
}
