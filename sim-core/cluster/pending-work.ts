import type { CronJob } from 'kubernetes-types/batch/v1';
import type { Lease } from 'kubernetes-types/coordination/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { summarizePod } from '../apiserver/registry/core/pod/printer.ts';
import { GRACE_PERIOD } from '../controller/nodelifecycle/periods.ts';
import { evicting, matchingTolerations, shortestTime } from '../controller/tainteviction/toleration-time.ts';
import { prefixEnd } from '../etcd/clientv3/client.ts';
import type { Cluster } from './cluster.ts';

/** Something that goes on by itself as simulated time passes. */
export interface PendingWork {
  /**
   * "not-ready": a silent node; "eviction", "termination", "start" and "retry": a pod; "run": a CronJob; "timer":
   * something that no object tells of.
   */
  readonly kind: 'not-ready' | 'eviction' | 'termination' | 'start' | 'retry' | 'run' | 'timer';
  /** "node01", "default/web"; "" for a timer. */
  readonly object: string;
  /** What kubectl get shows under STATUS; of pods. */
  readonly status?: string;
  /** Simulated milliseconds since the Unix epoch; missing: it cannot be told. */
  readonly due?: number;
}

/** A kubelet renews its lease every 10 seconds: after two misses it is silent. */
const SILENCE = 25_000;
const STARTING = /^(?:Pending|ContainerCreating|PodInitializing|Init:\d+\/\d+)$/;
const BACKING_OFF = /(?:BackOff|ErrImagePull)$/;

/**
 * What somebody who looks at the cluster now would wait for, soonest first, as far as what runs can bring it. Rejects
 * with an EtcdError if etcd does not answer.
 */
export async function pendingWork(cluster: Cluster): Promise<readonly PendingWork[]> {
  const { clock } = cluster;
  const found = (await new Waiting(cluster).find()).sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity));
  if (found.length > 0 || clock.quiet) return found;
  const due = clock.nextTransient();
  return [{ kind: 'timer', object: '', ...(due !== undefined && { due }) }];
}

class Waiting {
  readonly #cluster: Cluster;
  readonly #now: number;
  /** Components that run: "kubelet node01". */
  readonly #running: ReadonlySet<string>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#now = cluster.clock.now();
    const running = cluster.components.list().filter((component) => component.running);
    this.#running = new Set(running.map(({ name, machine }) => `${name} ${machine}`));
  }

  async find(): Promise<PendingWork[]> {
    if (!this.#runs('kube-apiserver')) return [];
    const nodes = await this.#list<Node>('minions');
    const pods = await this.#list<Pod>('pods');
    const found = pods.flatMap((pod) => this.#ofPod(pod));
    if (this.#runs('kube-controller-manager')) {
      const leases = await this.#list<Lease>('leases/kube-node-lease');
      found.push(...nodes.flatMap((node) => this.#ofNode(node, leases)));
      for (const node of nodes) found.push(...this.#evictions(node, pods));
      for (const cronJob of await this.#list<CronJob>('cronjobs'))
        found.push(...(await this.#ofCronJob(cronJob)));
    }
    return found;
  }

  #runs(component: string, machine?: string): boolean {
    if (machine !== undefined) return this.#running.has(`${component} ${machine}`);
    return [...this.#running].some((one) => one.startsWith(`${component} `));
  }

  async #list<T>(resource: string): Promise<T[]> {
    const key = `/registry/${resource}/`;
    const { kvs } = await this.#cluster.etcd.get({ key, rangeEnd: prefixEnd(key) });
    return kvs.map(({ value }) => JSON.parse(value) as T);
  }

  /** A node whose kubelet has fallen silent is Ready for a while yet. */
  #ofNode({ metadata, status }: Node, leases: readonly Lease[]): PendingWork[] {
    const name = metadata!.name!;
    const renewed = leases.find((lease) => lease.metadata!.name === name)?.spec?.renewTime;
    const ready = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
    if (renewed === undefined || ready !== true) return [];
    const heard = Date.parse(renewed as unknown as string);
    if (this.#runs('kubelet', name) && this.#now - heard < SILENCE) return [];
    return [{ kind: 'not-ready', object: name, due: heard + GRACE_PERIOD }];
  }

  #evictions(node: Node, pods: readonly Pod[]): PendingWork[] {
    const taints = evicting(node);
    const since = Math.max(
      ...taints.map(({ timeAdded }) => Date.parse((timeAdded as unknown as string) ?? '')),
    );
    if (!Number.isFinite(since)) return [];
    return pods.flatMap((pod) => {
      if (pod.spec?.nodeName !== node.metadata!.name || pod.metadata?.deletionTimestamp) return [];
      const tolerations = matchingTolerations(taints, pod.spec?.tolerations ?? []);
      const time = tolerations && shortestTime(tolerations);
      return time === undefined ? [] : [{ kind: 'eviction', object: nameOf(pod), due: since + time }];
    });
  }

  /** Only a kubelet that runs brings a pod on. */
  #ofPod(pod: Pod): PendingWork[] {
    if (!this.#runs('kubelet', pod.spec?.nodeName ?? '')) return [];
    const { reason: status } = summarizePod(pod);
    const { deletionTimestamp } = pod.metadata ?? {};
    const about = { object: nameOf(pod), status };
    if (deletionTimestamp)
      return [{ kind: 'termination', ...about, due: Date.parse(deletionTimestamp as unknown as string) }];
    if (BACKING_OFF.test(status)) return [{ kind: 'retry', ...about }];
    return STARTING.test(status) ? [{ kind: 'start', ...about }] : [];
  }

  async #ofCronJob(cronJob: CronJob): Promise<PendingWork[]> {
    const { schedule, suspend, timeZone } = cronJob.spec ?? {};
    if (schedule === undefined || suspend === true) return [];
    const { parseSchedule, ScheduleError } = await import('../controller/cronjob/schedule.ts');
    const { untilNextDue } = await import('../controller/cronjob/due.ts');
    try {
      const left = untilNextDue(cronJob, this.#now, parseSchedule(schedule, timeZone));
      return [{ kind: 'run', object: nameOf(cronJob), due: this.#now + left }];
    } catch (error) {
      if (error instanceof ScheduleError) return [];
      throw error;
    }
  }
}

function nameOf({ metadata }: Pod | CronJob): string {
  return `${metadata!.namespace}/${metadata!.name}`;
}
