import type { Machine } from '../../node/machine.ts';
import type { Program } from '../../node/program.ts';
import { deferredPrograms } from '../components/deferred.ts';
import { etcdProgram } from '../components/etcd.ts';
import { kubeApiserverProgram } from '../components/kube-apiserver.ts';
import { PROCESS_SIZES } from '../components/process-sizes.ts';
import type { ComponentServices } from '../components/services.ts';
import type { UnitName } from './units.ts';
import { argvOf, unitPath, UNITS } from './units.ts';

/** Loads the units of the control plane, with their programs; nothing runs yet. */
export function installUnits(services: ComponentServices, machine: Machine): void {
  const programs: Readonly<Record<UnitName, Program>> = {
    etcd: etcdProgram(services),
    'kube-apiserver': kubeApiserverProgram(services),
    ...deferredPrograms(services),
  };
  for (const unit of UNITS) {
    machine.services.load(
      {
        name: `${unit.name}.service`,
        description: unit.description,
        path: unitPath(unit),
        command: argvOf(unit),
        program: programs[unit.name],
        restart: 'on-failure',
        restartDelay: 5000,
        ...PROCESS_SIZES[unit.name],
      },
      { enabled: true },
    );
  }
}
