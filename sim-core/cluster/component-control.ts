import type { Machine } from '../node/machine.ts';
import type { ServiceStatus } from '../node/service-manager.ts';
import { MANIFESTS_DIRECTORY } from './kubeadm/constants.ts';

/** A component of the cluster on one machine. */
export interface Component {
  /** "kube-apiserver", "kubelet". */
  readonly name: string;
  readonly machine: string;
  /** How it is kept running: a file among the static pods, or a unit of systemd. */
  readonly kind: 'static-pod' | 'service';
  /** Whether somebody wants it to run, and whether its process is there. */
  readonly wanted: boolean;
  readonly running: boolean;
}

/** Stops and starts components, as an administrator does who moves manifests and calls systemctl. */
export interface Components {
  /** By machine, static pods first. */
  list(): readonly Component[];
  /**
   * Takes a component away: its kubelet or systemd ends it when time passes. Without `machine` on every machine
   * that has it. Does nothing if it is away. Throws if there is no such component.
   */
  stop(name: string, machine?: string): void;
  /** Brings it back. */
  start(name: string, machine?: string): void;
}

/** Where the manifests of stopped components are kept. */
const AWAY_DIRECTORY = '/etc/kubernetes/stopped-manifests';
const STATIC_PODS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
/** Units that belong to a cluster; a machine has others too. */
const SERVICES: readonly string[] = [...STATIC_PODS, 'containerd', 'kubelet'];

/** The components of a cluster's machines. */
export class MachineComponents implements Components {
  readonly #machines: ReadonlyMap<string, Machine>;

  constructor(machines: ReadonlyMap<string, Machine>) {
    this.#machines = machines;
  }

  list(): readonly Component[] {
    return [...this.#machines.values()].flatMap((machine) => [
      ...STATIC_PODS.flatMap((name) => staticPod(machine, name) ?? []),
      ...machine.services.list().flatMap((status) => service(machine, status) ?? []),
    ]);
  }

  stop(name: string, machine?: string): void {
    for (const component of this.#find(name, machine)) {
      if (component.wanted) this.#switch(component, false);
    }
  }

  start(name: string, machine?: string): void {
    for (const component of this.#find(name, machine)) {
      if (!component.wanted) this.#switch(component, true);
    }
  }

  #find(name: string, machine: string | undefined): readonly Component[] {
    const found = this.list().filter(
      (component) => component.name === name && (machine === undefined || component.machine === machine),
    );
    if (found.length > 0) return found;
    const known = this.list().map((component) => `${component.name} on ${component.machine}`);
    throw new Error(
      `there is no component ${JSON.stringify(name)}${machine === undefined ? '' : ` on ${machine}`}; there are ${known.join(', ')}`,
    );
  }

  #switch({ name, machine, kind }: Component, on: boolean): void {
    const { files, services } = this.#machines.get(machine)!;
    if (kind === 'service') {
      if (on) services.start(name);
      else void services.stop(name);
      return;
    }
    const [here, away] = [`${MANIFESTS_DIRECTORY}/${name}.yaml`, `${AWAY_DIRECTORY}/${name}.yaml`];
    if (on) files.rename(away, here);
    else {
      files.makeDirectory(AWAY_DIRECTORY, { parents: true });
      files.rename(here, away);
    }
  }
}

function staticPod(machine: Machine, name: string): Component | undefined {
  const wanted = machine.files.exists(`${MANIFESTS_DIRECTORY}/${name}.yaml`);
  if (!wanted && !machine.files.exists(`${AWAY_DIRECTORY}/${name}.yaml`)) return undefined;
  const running = machine.processes.list().some(({ command }) => baseName(command[0]) === name);
  return { name, machine: machine.hostname, kind: 'static-pod', wanted, running };
}

function service(machine: Machine, { unit, state, pid }: ServiceStatus): Component | undefined {
  const name = unit.name.replace(/\.service$/, '');
  if (!SERVICES.includes(name)) return undefined;
  const wanted = state === 'active' || state === 'activating';
  return { name, machine: machine.hostname, kind: 'service', wanted, running: pid !== undefined };
}

function baseName(path = ''): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
