import type { HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import type { TraceEvent } from '../apimachinery/trace.ts';
import type { Rand } from '../clock/rand.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { EtcdClient } from '../etcd/clientv3/client.ts';
import { createKubectl } from '../kubectl/kubectl.ts';
import type { Machine } from '../node/machine.ts';
import { handshake } from '../node/network.ts';
import type { Command, Shell } from '../shell/command.ts';
import { lazy } from '../shell/commands/registry.ts';
import { createShell } from '../shell/shell.ts';
import type { Cluster, Credentials } from './cluster.ts';
import type { Components } from './component-control.ts';
import { MachineComponents } from './component-control.ts';
import { ClusterEtcdNetwork } from './etcd-network.ts';
import type { Foundation } from './foundation.ts';

export interface RunningClusterConfig {
  /** Looks into the cluster's etcd. */
  readonly etcd: EtcdClient;
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** The machine whose shell opens by default, and where requests come from. */
  readonly home: string;
  /** Where the kube-apiserver listens. */
  readonly apiserver: { readonly address: string; readonly port: number };
}

/** A cluster that has been built. */
export class RunningCluster implements Cluster {
  readonly clock: VirtualClock;
  readonly etcd: EtcdClient;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly credentials: ReadonlyMap<string, Credentials>;
  readonly #foundation: Foundation;
  readonly #config: RunningClusterConfig;
  readonly #programs: readonly Command[];
  readonly components: Components;

  constructor(foundation: Foundation, config: RunningClusterConfig) {
    this.clock = foundation.clock;
    this.etcd = config.etcd;
    this.machines = foundation.machines;
    this.credentials = config.credentials;
    this.components = new MachineComponents(foundation.machines);
    this.#foundation = foundation;
    this.#config = config;
    const { clients: network, rand } = foundation.services;
    /** Where nobody uses kubeadm it draws nothing. */
    let kubeadmRand: Rand | undefined;
    this.#programs = [
      createKubectl({ network }),
      lazy('curl', async () => (await import('../shell/commands/curl/curl.ts')).createCurl(network)),
      lazy('crictl', async () => {
        const { createCrictl } = await import('../crictl/crictl.ts');
        return createCrictl({
          runtimeOf: (hostname) => {
            const found = foundation.runtimes.get(hostname);
            return found && { runtime: found.containerd, images: found.images };
          },
        });
      }),
      lazy('etcdctl', async () => {
        const { createEtcdctl } = await import('../etcdctl/etcdctl.ts');
        return createEtcdctl({ network: new ClusterEtcdNetwork(foundation.services) });
      }),
      lazy('kubeadm', async () => {
        const { createKubeadm } = await import('./kubeadm/cli/kubeadm.ts');
        return createKubeadm({ network, rand: (kubeadmRand ??= rand.fork('kubeadm')) });
      }),
      lazy('etcdutl', async () => (await import('../etcdutl/etcdutl.ts')).createEtcdutl()),
    ];
  }

  get trace(): readonly TraceEvent[] {
    return this.#foundation.trace.events;
  }

  onTrace(listener: (event: TraceEvent) => void): () => void {
    return this.#foundation.trace.onEvent(listener);
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const { home, apiserver } = this.#config;
    const machine = this.#machine(home);
    const listener = await machine.network.reach(apiserver.address, apiserver.port);
    await handshake(this.clock, listener);
    return listener.handler({ remoteAddress: machine.address, ...request });
  }

  openShell(machine: string = this.#config.home): Shell {
    return createShell({
      machine: this.#machine(machine),
      clock: this.clock,
      machines: this.machines,
      programs: this.#programs,
    });
  }

  #machine(name: string): Machine {
    const machine = this.machines.get(name);
    if (machine === undefined) {
      throw new Error(
        `no machine is called ${JSON.stringify(name)}; there are ${[...this.machines.keys()].join(', ')}`,
      );
    }
    return machine;
  }
}
