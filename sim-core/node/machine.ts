import type { FileSystem } from './file-system.ts';
import type { MachineNetwork } from './network.ts';
import type { ProcessTable } from './process-table.ts';

/** One simulated machine: what a shell on it sees, and what kubelet and container runtime live on. */
export interface Machine {
  readonly hostname: string;
  /** Its address in the cluster's network: "172.30.1.2". */
  readonly address: string;
  readonly files: FileSystem;
  readonly processes: ProcessTable;
  readonly network: MachineNetwork;
  readonly memoryKiB: number;
  readonly cpus: number;
}
