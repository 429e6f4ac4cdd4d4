import type { Deployment } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import type { KubeList, KubeObject } from '../apimachinery/object.ts';
import { deepEqual } from '../apimachinery/copy.ts';
import { Rand } from '../clock/rand.ts';
import { prefixEnd } from '../etcd/clientv3/client.ts';
import type { Lab } from './lab.ts';
import { openLab } from './lab.ts';

const MINUTE = 60;
/** How long the cluster gets to mend itself after the last blow: a node's pods are moved after 300 s. */
const MENDING = 15 * MINUTE;
/** What is stopped, by name; each on whatever machine has it. */
const VICTIMS = ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'kubelet'];
const DEPLOYMENTS = ['web', 'api', 'worker'];

/** Events vanish an hour after what they tell of; settings and ReplicaSets grow with what was asked for. */
const PASSING = [
  '/registry/events/',
  '/registry/configmaps/default/settings-',
  '/registry/replicasets/default/',
];

/** Where objects that many clients share lie in etcd, and where the kube-apiserver serves them. */
const SHARED: readonly (readonly [prefix: string, path: string, resource: string])[] = [
  ['/registry/pods/', '/api/v1', 'pods'],
  ['/registry/minions/', '/api/v1', 'nodes'],
  ['/registry/replicasets/', '/apis/apps/v1', 'replicasets'],
  ['/registry/deployments/', '/apis/apps/v1', 'deployments'],
  ['/registry/leases/', '/apis/coordination.k8s.io/v1', 'leases'],
];

/** What a cluster holds on to; none of it may grow with the time that it has run. */
export interface Holdings {
  /** Keys in etcd, but for those that come and go. */
  readonly objects: number;
  readonly pods: number;
  /** Open at the kube-apiserver, but for those of one object: kubelets watch what the pods that they have refer to. */
  readonly watches: number;
  readonly timers: number;
  readonly processes: number;
  /** Directories of pods' logs on all machines. */
  readonly logs: number;
}

/** What was asked of the cluster. */
interface Asked {
  /** What may be: the number that was acknowledged last, and later ones of which nobody knows whether they came through. */
  readonly replicas: Map<string, Set<number>>;
  /** What was acknowledged. */
  readonly settings: Map<string, string>;
}

/**
 * A cluster of three nodes with three Deployments whose components are stopped and started at random, while
 * somebody goes on changing things. All of it is a function of the seed.
 */
export class Soak {
  readonly #lab: Lab;
  readonly #rand: Rand;
  readonly #asked: Asked = { replicas: new Map(), settings: new Map() };
  #writes = 0;

  private constructor(lab: Lab, seed: number) {
    this.#lab = lab;
    this.#rand = new Rand(`soak ${seed}`);
  }

  static async begin(seed: number): Promise<Soak> {
    const soak = new Soak(await openLab({ seed }), seed);
    for (const name of DEPLOYMENTS) {
      await soak.#lab.sh(`kubectl create deployment ${name} --image=nginx --replicas=3`);
      soak.#asked.replicas.set(name, new Set([3]));
    }
    // In a restored cluster they follow Services when somebody first asks; new ones do at once, and so will those
    // that take the place of evicted ones.
    await soak.#lab.sh('kubectl -n kube-system rollout restart daemonset/kube-proxy deployment/coredns');
    await soak.#lab.pass(MENDING);
    return soak;
  }

  /** So many blows, one after the other or some at once, then time to mend. */
  async round(blows: number): Promise<void> {
    for (let blow = 0; blow < blows; blow++) {
      const stopped = this.#stopSome();
      for (let step = this.#between(1, 4); step > 0; step--) {
        await this.#lab.pass(this.#between(5, 2 * MINUTE));
        await this.#change();
      }
      for (const { name, machine } of stopped) this.#lab.cluster.components.start(name, machine);
      await this.#lab.pass(this.#between(10, 3 * MINUTE));
    }
    await this.#lab.pass(MENDING);
  }

  /** What is not as it should be once the cluster has mended itself; nothing if all is well. */
  async problems(): Promise<string[]> {
    const problems: string[] = [];
    const { components } = this.#lab.cluster;
    for (const { name, machine, running } of components.list()) {
      if (!running) problems.push(`${name} on ${machine} does not run`);
    }
    const nodes = await this.#list<KubeObject>('/api/v1/nodes');
    for (const { metadata, status } of nodes) {
      const ready = (status?.conditions as { type: string; status: string }[]).find(
        ({ type }) => type === 'Ready',
      );
      if (ready?.status !== 'True') problems.push(`node ${metadata.name} is not ready`);
    }
    const pods = await this.#list<Pod>('/api/v1/namespaces/default/pods');
    for (const [name, possible] of this.#asked.replicas) {
      const deployment = (await this.#lab.get(
        `/apis/apps/v1/namespaces/default/deployments/${name}`,
      )) as unknown as Deployment;
      const { spec, status } = deployment;
      const replicas = spec!.replicas!;
      if (!possible.has(replicas)) problems.push(`${name} lost its replicas: it wants ${replicas}`);
      const own = pods.filter(({ metadata }) => metadata!.labels?.['app'] === name);
      const running = own.filter((pod) => pod.status?.phase === 'Running' && isReady(pod));
      if (
        own.length !== replicas ||
        running.length !== replicas ||
        (status?.readyReplicas ?? 0) !== replicas
      ) {
        problems.push(`${name} has ${own.length} pods, ${running.length} of them ready, of ${replicas}`);
      }
    }
    for (const [name, value] of this.#asked.settings) {
      const settings = await this.#lab
        .get(`/api/v1/namespaces/default/configmaps/${name}`)
        .catch(() => undefined);
      if (settings?.['data']?.value !== value) problems.push(`${name} lost what was acknowledged`);
    }
    return [...problems, ...(await this.#changedInMemory())];
  }

  /** Clients share the kube-apiserver's objects: one that is no longer as etcd holds it was changed by somebody. */
  async #changedInMemory(): Promise<string[]> {
    const changed: string[] = [];
    for (const [prefix, path, resource] of SHARED) {
      const { kvs } = await this.#lab.cluster.etcd.get({ key: prefix, rangeEnd: prefixEnd(prefix) });
      for (const { key, value } of kvs) {
        const stored = JSON.parse(value) as KubeObject;
        const { namespace, name } = stored.metadata;
        const of = namespace === undefined ? '' : `/namespaces/${namespace}`;
        const shown = await this.#lab.get(`${path}${of}/${resource}/${name}`);
        const { resourceVersion: _, ...metadata } = shown.metadata;
        if (!deepEqual({ ...shown, metadata }, stored)) changed.push(`${key} was changed in memory`);
      }
    }
    return changed;
  }

  /** Puts everything back to three replicas and counts. Call it when the cluster has mended itself. */
  async holdings(): Promise<Holdings> {
    for (const name of DEPLOYMENTS) {
      await this.#lab.sh(`kubectl scale deployment/${name} --replicas=3`);
      this.#asked.replicas.set(name, new Set([3]));
    }
    await this.#lab.pass(MENDING);
    const { etcd, clock, machines } = this.#lab.cluster;
    const { kvs, header } = await etcd.get({ key: '/', rangeEnd: '0' }, { keysOnly: true });
    await etcd.compact(header.revision);
    const nodes = [...machines.values()];
    const metrics = await this.#lab.sh('kubectl get --raw /metrics');
    const watches = [
      ...metrics.matchAll(/^apiserver_longrunning_requests\{(?!.*scope="resource").*\} (\d+)$/gm),
    ];
    return {
      objects: kvs.filter(({ key }) => !PASSING.some((prefix) => key.startsWith(prefix))).length,
      pods: kvs.filter(({ key }) => key.startsWith('/registry/pods/')).length,
      watches: watches.reduce((sum, [, count]) => sum + Number(count), 0),
      timers: clock.pending,
      processes: nodes.flatMap(({ processes }) => processes.list()).length,
      logs: nodes.flatMap(({ files }) => files.list('/var/log/pods')).length,
    };
  }

  /** How many writes were acknowledged while components were away. */
  get writes(): number {
    return this.#writes;
  }

  #stopSome(): readonly { name: string; machine: string }[] {
    const { components } = this.#lab.cluster;
    const candidates = components.list().filter(({ name }) => VICTIMS.includes(name));
    const chosen = new Set(
      Array.from({ length: this.#between(1, 3) }, () => this.#between(0, candidates.length - 1)),
    );
    const stopped = [...chosen].map((index) => candidates[index]!);
    for (const { name, machine } of stopped) components.stop(name, machine);
    return stopped;
  }

  /** Asks for something; the apiserver may be away: only what it acknowledged counts. */
  async #change(): Promise<void> {
    const name = DEPLOYMENTS[this.#between(0, DEPLOYMENTS.length - 1)]!;
    switch (this.#between(0, 3)) {
      case 0: {
        const replicas = this.#between(1, 5);
        const output = await this.#lab.sh(`kubectl scale deployment/${name} --replicas=${replicas}`);
        if (output.includes('scaled')) this.#asked.replicas.set(name, new Set([replicas]));
        else this.#asked.replicas.get(name)!.add(replicas);
        break;
      }
      case 1: {
        const tag = this.#between(25, 29);
        await this.#lab.sh(`kubectl set image deployment/${name} nginx=nginx:1.${tag}`);
        break;
      }
      case 2:
        await this.#lab.sh(`kubectl delete pod -l app=${name} --wait=false`);
        break;
      default: {
        const key = `settings-${this.#writes}`;
        const value = String(this.#between(0, 1_000_000));
        const output = await this.#lab.sh(`kubectl create configmap ${key} --from-literal=value=${value}`);
        if (!output.includes('created')) return;
        this.#asked.settings.set(key, value);
        this.#writes++;
      }
    }
  }

  /** From `low` to `high`, both included. */
  #between(low: number, high: number): number {
    return low + this.#rand.int(high - low + 1);
  }

  async #list<T>(path: string): Promise<readonly T[]> {
    return ((await this.#lab.get(path)) as unknown as KubeList<T>).items;
  }
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
