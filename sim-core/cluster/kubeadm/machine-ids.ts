import type { Rand } from '../../clock/rand.ts';
import type { FileSystem } from '../../node/file-system.ts';

const MACHINE_ID = '/etc/machine-id';
const SYSTEM_UUID = '/sys/class/dmi/id/product_uuid';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The ids of a machine as its node reports them. */
export interface MachineIds {
  readonly machineID: string;
  readonly systemUUID: string;
  readonly bootID: string;
}

/** Gives a machine ids where Linux keeps them. */
export function writeMachineIds(files: FileSystem, rand: Rand): void {
  for (const [path, id] of [
    [MACHINE_ID, rand.uuid().replaceAll('-', '')],
    [SYSTEM_UUID, rand.uuid()],
    [BOOT_ID, rand.uuid()],
  ] as const) {
    files.makeDirectory(path.slice(0, path.lastIndexOf('/')), { parents: true });
    files.write(path, `${id}\n`, { mode: 0o444 });
  }
}

/** Models cadvisor/machine getInfo, which looks at the same files. */
export function readMachineIds(files: FileSystem): MachineIds {
  const id = (path: string) => (files.exists(path) ? files.read(path).trim() : '');
  return { machineID: id(MACHINE_ID), systemUUID: id(SYSTEM_UUID), bootID: id(BOOT_ID) };
}
