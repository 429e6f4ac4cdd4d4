import type { Lease } from 'kubernetes-types/coordination/v1';
import { ConnectionError } from '../../../apimachinery/http.ts';
import { formatMicroTime } from '../../../apimachinery/object.ts';
import { StatusError, isReason } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { Rand } from '../../../clock/rand.ts';
import { RESOURCES } from '../../kubernetes/resources.ts';
import type { RequestOptions, RestClient } from '../../rest/client.ts';
import type { Klog } from '../../util/klog.ts';
import type { EventRecorder } from '../record/event-recorder.ts';

export interface LeaderElectionConfig {
  readonly namespace: string;
  /** Of the Lease: "kube-scheduler". */
  readonly name: string;
  /** "controlplane_4f6b2b3e-…". */
  readonly identity: string;
  /** Milliseconds; kube components have 15000, 10000 and 2000. */
  readonly leaseDuration: number;
  readonly renewDeadline: number;
  readonly retryPeriod: number;
  /** The process holds the lease already and goes on renewing it. */
  readonly resumed?: boolean;
  readonly log?: Klog;
}

/** The durations of kube-scheduler and kube-controller-manager. */
export const COMPONENT_LEADER_ELECTION = {
  namespace: 'kube-system',
  leaseDuration: 15_000,
  renewDeadline: 10_000,
  retryPeriod: 2000,
} as const;

/** How far a candidate's wait varies, so that two do not knock at once. */
const JITTER_FACTOR = 1.2;

/**
 * Holds a Lease so that only one of several equal processes works.
 *
 * Models k8s.io/client-go/tools/leaderelection LeaderElector.
 */
export class LeaderElector {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #recorder: EventRecorder | undefined;
  readonly #config: LeaderElectionConfig;
  readonly #options: RequestOptions;
  #observed: Lease | undefined;
  #observedAt = 0;

  constructor(
    client: RestClient,
    clock: Clock,
    rand: Rand,
    recorder: EventRecorder | undefined,
    config: LeaderElectionConfig,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#rand = rand;
    this.#recorder = recorder;
    this.#config = config;
    const { namespace, renewDeadline } = config;
    // Models resourcelock.NewFromKubeconfig: a try must leave time for another.
    this.#options = { namespace, query: { timeout: `${renewDeadline / 2000}s` } };
  }

  /**
   * Waits for the lease, runs `lead` while it holds it, and resolves when `context` is cancelled or
   * the lease is lost: the context that `lead` gets is cancelled then. Rejects as `lead` does.
   */
  async run(context: Context, lead: (context: Context) => Promise<void>): Promise<void> {
    const resumes = (this.#config.resumed ?? false) && (await this.#tryObserveOwn());
    if (!resumes) this.#log('I', 'leaderelection.go:258', 'Attempting to acquire leader lease...');
    while (!resumes && !(await this.#tryAcquireOrRenew())) {
      if (context.cancelled) return;
      const wait = this.#config.retryPeriod * (1 + JITTER_FACTOR * this.#rand.float());
      await this.#clock.sleep(wait, { periodic: true, context });
      if (context.cancelled) return;
    }
    if (context.cancelled) return;
    if (!resumes) {
      this.#announce('became leader');
      this.#log('I', 'leaderelection.go:272', 'Successfully acquired lease');
    }
    const leading = context.child();
    const work = lead(leading);
    await Promise.race([work.then(() => new Promise<never>(() => {})), this.#renew(leading)]);
    leading.cancel('leader election lost');
    await work;
  }

  /** Resolves when the lease could not be renewed for the deadline, or `context` is cancelled. */
  async #renew(context: Context): Promise<void> {
    let renewed = this.#clock.now();
    while (!context.cancelled) {
      await this.#clock.sleep(this.#config.retryPeriod, { periodic: true, context });
      if (context.cancelled) return;
      if (await this.#tryAcquireOrRenew()) renewed = this.#clock.now();
      else if (!this.#isLeader() || this.#clock.now() - renewed >= this.#config.renewDeadline) break;
    }
    if (context.cancelled) return;
    this.#announce('stopped leading');
    this.#log('I', 'leaderelection.go:304', 'Failed to renew lease', 'context deadline exceeded');
  }

  #isLeader(): boolean {
    return this.#observed?.spec?.holderIdentity === this.#config.identity;
  }

  #isValid(now: number): boolean {
    return this.#observedAt + this.#config.leaseDuration > now;
  }

  async #tryAcquireOrRenew(): Promise<boolean> {
    try {
      return await this.#attempt();
    } catch (error) {
      if (!isAnswer(error)) throw error;
      this.#log('E', 'leaderelection.go:461', 'Error retrieving lease lock', error.message);
      return false;
    }
  }

  /** Looks at the lease without a write; true if this process holds it. */
  async #tryObserveOwn(): Promise<boolean> {
    const { namespace, name } = this.#config;
    try {
      this.#observe(await this.#client.get<Lease>(RESOURCES.leases, name, { namespace }));
    } catch (error) {
      if (error instanceof StatusError || error instanceof ConnectionError) return false;
      throw error;
    }
    return this.#isLeader();
  }

  async #attempt(): Promise<boolean> {
    const { namespace, name } = this.#config;
    const now = this.#clock.now();
    if (this.#observed !== undefined && this.#isLeader() && this.#isValid(now)) {
      try {
        return await this.#update(this.#observed, now);
      } catch (error) {
        if (!isAnswer(error)) throw error;
      }
    }
    let lease: Lease;
    try {
      lease = await this.#client.get<Lease>(RESOURCES.leases, name, this.#options);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      this.#observe(
        await this.#client.create<Lease>(
          RESOURCES.leases,
          {
            kind: 'Lease',
            apiVersion: 'coordination.k8s.io/v1',
            metadata: { name, namespace },
            spec: this.#spec(undefined, now),
          },
          this.#options,
        ),
      );
      return true;
    }
    if (JSON.stringify(lease.spec) !== JSON.stringify(this.#observed?.spec)) this.#observe(lease);
    if (lease.spec?.holderIdentity && this.#isValid(now) && !this.#isLeader()) return false;
    return this.#update(lease, now);
  }

  async #update(lease: Lease, now: number): Promise<boolean> {
    const body = { ...lease, spec: this.#spec(lease, now) };
    this.#observe(
      await this.#client.update<Lease>(
        RESOURCES.leases,
        body as { metadata: { name: string } },
        this.#options,
      ),
    );
    return true;
  }

  #observe(lease: Lease): void {
    this.#observed = lease;
    this.#observedAt = this.#clock.now();
  }

  #spec(old: Lease | undefined, now: number): Lease['spec'] {
    const isMine = old?.spec?.holderIdentity === this.#config.identity;
    return {
      ...old?.spec,
      holderIdentity: this.#config.identity,
      leaseDurationSeconds: this.#config.leaseDuration / 1000,
      acquireTime: isMine ? old.spec!.acquireTime! : formatMicroTime(now),
      renewTime: formatMicroTime(now),
      leaseTransitions: (old?.spec?.leaseTransitions ?? 0) + (old === undefined || isMine ? 0 : 1),
    };
  }

  #log(severity: 'I' | 'E', where: string, message: string, error?: string): void {
    const { log, namespace, name } = this.#config;
    const cause = error === undefined ? '' : `err=${JSON.stringify(error)}`;
    const lock = `lock="${namespace}/${name}"`;
    // klog puts an error's cause first; other values come in the order in which they are given.
    const values = severity === 'E' ? [cause, lock] : [lock, cause];
    log?.(severity, where, [JSON.stringify(message), ...values.filter((value) => value !== '')].join(' '));
  }

  #announce(what: string): void {
    const { namespace, name, identity } = this.#config;
    this.#recorder?.event(
      {
        kind: 'Lease',
        apiVersion: 'coordination.k8s.io/v1',
        metadata: {
          namespace,
          name,
          uid: this.#observed?.metadata?.uid ?? '',
          resourceVersion: this.#observed?.metadata?.resourceVersion ?? '',
        },
      },
      'Normal',
      'LeaderElection',
      `${identity} ${what}`,
    );
  }
}

/** What a request may come to, as against a fault of the program. */
function isAnswer(error: unknown): error is StatusError | ConnectionError {
  return error instanceof StatusError || error instanceof ConnectionError;
}
