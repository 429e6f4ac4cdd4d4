import type { FileSystem } from './file-system.ts';
import type { Journal } from './journal.ts';
import type { MachineNetwork } from './network.ts';
import type { ProcessTable } from './process-table.ts';
import type { ServiceManager } from './service-manager.ts';

/** One simulated machine: what a shell on it sees, and what kubelet and container runtime live on. */
export interface Machine {
  readonly hostname: string;
  /** Its address in the cluster's network: "172.30.1.2". */
  readonly address: string;
  readonly files: FileSystem;
  readonly processes: ProcessTable;
  readonly network: MachineNetwork;
  readonly services: ServiceManager;
  readonly journal: Journal;
  readonly memoryKiB: number;
  readonly cpus: number;
}
