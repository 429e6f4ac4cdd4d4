import type { Context } from '../../../clock/context.ts';
import type { OperationResponse } from '../client.ts';
import { FIRST_CREATED, ownKey, waitDeletes, withPrefix } from './key.ts';
import type { Session } from './session.ts';
import { SessionExpired } from './session.ts';

/**
 * A lock by name. Everybody who wants it puts a key below "name/"; the oldest one holds it.
 * Models client/v3/concurrency/mutex.go.
 */
export class Mutex {
  /** The session's own. */
  readonly key: string;
  readonly #session: Session;
  readonly #prefix: string;
  #revision = 0;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.#prefix = `${name}/`;
    this.key = ownKey(name, session.lease);
  }

  /** The revision of the store when the lock was got. */
  get revision(): number {
    return this.#revision;
  }

  /** Waits for the lock; false if `context` was cancelled before. Throws {@link SessionExpired} if the lease ran out. */
  async lock(context: Context): Promise<boolean> {
    const { client, lease } = this.#session;
    const owner = { type: 'range', ...withPrefix(this.#prefix), ...FIRST_CREATED } as const;
    const { header, succeeded, responses } = await client.txn({
      compare: [{ key: this.key, target: 'create', result: '=', operand: 0 }],
      success: [{ type: 'put', key: this.key, value: '', lease }, owner],
      failure: [{ type: 'range', key: this.key }, owner],
    });
    this.#revision = header.revision;
    const mine = succeeded ? header.revision : createRevisionOf(responses[0]!)!;
    if (createRevisionOf(responses[1]!) === mine) return true;
    await waitDeletes(client, this.#prefix, mine - 1, context);
    if (context.cancelled) {
      await this.unlock();
      return false;
    }
    const found = await client.get({ key: this.key });
    if (found.kvs.length === 0) throw new SessionExpired();
    this.#revision = found.header.revision;
    return true;
  }

  async unlock(): Promise<void> {
    await this.#session.client.delete({ key: this.key });
  }
}

function createRevisionOf(response: OperationResponse): number | undefined {
  return response.type === 'range' ? response.kvs[0]?.createRevision : undefined;
}
