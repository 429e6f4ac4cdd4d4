import type { Lease } from 'kubernetes-types/coordination/v1';
import { ConnectionError } from '../apimachinery/http.ts';
import { formatMicroTime } from '../apimachinery/object.ts';
import { StatusError, isReason } from '../apimachinery/status.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Klog } from '../client-go/util/klog.ts';

const NAMESPACE = 'kube-node-lease';
/** The kubelet gives up a sign of life after as long as there is between two. */
const OPTIONS = { namespace: NAMESPACE, query: { timeout: '10s' } };
const LEASE_DURATION_SECONDS = 40;
const RENEW_INTERVAL_MS = 10_000;
const MAX_UPDATE_TRIES = 5;
/** Waits between tries to make the lease: from 200 ms to 7 s. */
const ENSURE_BACKOFF = { initial: 200, max: 7000 };

/**
 * Renews the Lease by which the control plane knows that this node lives.
 *
 * Models k8s.io/component-helpers/apimachinery/lease controller.
 */
export class NodeLease {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #nodeName: string;
  readonly #nodeUid: () => string | undefined;
  readonly #log: Klog;
  #latest: Lease | undefined;

  constructor(
    client: RestClient,
    clock: Clock,
    nodeName: string,
    nodeUid: () => string | undefined,
    log: Klog,
  ) {
    this.#log = log;
    this.#client = client;
    this.#clock = clock;
    this.#nodeName = nodeName;
    this.#nodeUid = nodeUid;
  }

  /** Renews until `context` is cancelled; with `resumed` it goes on from the lease that is there. */
  async run(context: Context, { resumed }: { readonly resumed: boolean }): Promise<void> {
    if (resumed) await this.#waitForTurn(context);
    while (!context.cancelled) {
      await this.#sync(context);
      await this.#clock.sleep(RENEW_INTERVAL_MS, { periodic: true, context });
    }
  }

  async #waitForTurn(context: Context): Promise<void> {
    try {
      const { lease } = await this.#ensure();
      this.#latest = lease;
      const renewed = Date.parse(lease.spec?.renewTime ?? '') || 0;
      const wait = Math.max(0, renewed + RENEW_INTERVAL_MS - this.#clock.now());
      await this.#clock.sleep(wait, { periodic: true, context });
    } catch (error) {
      rethrowFault(error);
    }
  }

  async #sync(context: Context): Promise<void> {
    if (this.#latest !== undefined && (await this.#renew(this.#latest, context))) return;
    for (
      let wait = ENSURE_BACKOFF.initial;
      !context.cancelled;
      wait = Math.min(wait * 2, ENSURE_BACKOFF.max)
    ) {
      try {
        const { lease, created } = await this.#ensure();
        this.#latest = lease;
        if (!created) await this.#renew(lease, context);
        return;
      } catch (error) {
        rethrowFault(error);
        this.#log(
          'E',
          'controller.go:201',
          `"Failed to ensure lease exists, will retry" err=${JSON.stringify((error as Error).message)} interval="${wait < 1000 ? `${wait}ms` : `${wait / 1000}s`}"`,
        );
        await this.#clock.sleep(wait, { periodic: true, context });
      }
    }
  }

  async #ensure(): Promise<{ lease: Lease; created: boolean }> {
    try {
      const lease = await this.#client.get<Lease>(RESOURCES.leases, this.#nodeName, OPTIONS);
      return { lease, created: false };
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    const lease = await this.#client.create<Lease>(RESOURCES.leases, this.#next(undefined), OPTIONS);
    return { lease, created: true };
  }

  async #renew(lease: Lease, context: Context): Promise<boolean> {
    let base = lease;
    for (let attempt = 0; attempt < MAX_UPDATE_TRIES && !context.cancelled; attempt++) {
      try {
        this.#latest = await this.#client.update<Lease>(
          RESOURCES.leases,
          this.#next(base) as { metadata: { name: string } },
          OPTIONS,
        );
        return true;
      } catch (error) {
        rethrowFault(error);
        this.#log(
          'E',
          'controller.go:251',
          `"Failed to update lease" err=${JSON.stringify((error as Error).message)}`,
        );
        if (!isReason(error, 'Conflict')) continue;
        base = (await this.#ensure().catch(() => ({ lease: base }))).lease;
      }
    }
    return false;
  }

  #next(base: Lease | undefined): Lease {
    const uid = this.#nodeUid();
    return {
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      metadata: {
        ...(base?.metadata ?? { name: this.#nodeName, namespace: NAMESPACE }),
        ...((base?.metadata?.ownerReferences?.length ?? 0) === 0 &&
          uid !== undefined && {
            ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: this.#nodeName, uid }],
          }),
      },
      spec: {
        holderIdentity: this.#nodeName,
        leaseDurationSeconds: LEASE_DURATION_SECONDS,
        ...base?.spec,
        renewTime: formatMicroTime(this.#clock.now()),
      },
    };
  }
}

function rethrowFault(error: unknown): void {
  if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
}
