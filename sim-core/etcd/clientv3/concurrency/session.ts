import type { Clock } from '../../../clock/clock.ts';
import { Context } from '../../../clock/context.ts';
import type { EtcdClient } from '../client.ts';
import { EtcdError } from '../client.ts';

/** A session's lease has run out, and with it whatever was held. */
export class SessionExpired extends Error {
  override readonly name = 'SessionExpired';

  constructor() {
    super('etcdserver: session expired');
  }
}

/**
 * A lease that is kept alive: what is put under it goes away with whoever put it there.
 * Models client/v3/concurrency/session.go.
 */
export class Session {
  readonly client: EtcdClient;
  /** Id of the lease. */
  readonly lease: string;
  /** Cancelled once the lease is gone, or no longer kept alive. */
  readonly done = new Context();

  private constructor(client: EtcdClient, lease: string) {
    this.client = client;
    this.lease = lease;
  }

  /** Grants a lease of `ttl` seconds and renews it every third of that until `context` is cancelled. */
  static async open(client: EtcdClient, clock: Clock, ttl: number, context: Context): Promise<Session> {
    const { id, ttl: granted } = await client.leaseGrant(ttl);
    const session = new Session(client, id);
    void session.#keepAlive(clock, granted, context);
    return session;
  }

  async #keepAlive(clock: Clock, granted: number, context: Context): Promise<void> {
    let seconds = granted;
    while (!context.cancelled) {
      await clock.sleep((seconds * 1000) / 3, { context });
      if (context.cancelled) break;
      try {
        ({ ttl: seconds } = await this.client.leaseKeepAlive(this.lease));
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        break;
      }
    }
    this.done.cancel();
  }
}
