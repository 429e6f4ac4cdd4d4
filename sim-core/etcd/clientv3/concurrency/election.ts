import type { Context } from '../../../clock/context.ts';
import type { KeyValue, RangeResponse, ResponseHeader } from '../client.ts';
import { FIRST_CREATED, ownKey, waitDeletes, withPrefix } from './key.ts';
import type { Session } from './session.ts';

/**
 * An election by name. Every candidate puts its proposal below "name/"; the oldest one leads.
 * Models client/v3/concurrency/election.go.
 */
export class Election {
  /** The session's own. */
  readonly key: string;
  readonly #session: Session;
  readonly #prefix: string;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.#prefix = `${name}/`;
    this.key = ownKey(name, session.lease);
  }

  /** Waits to become leader with `proposal`; false, and no candidate any more, if `context` was cancelled before. */
  async campaign(proposal: string, context: Context): Promise<boolean> {
    const { client, lease } = this.#session;
    const { header } = await client.put(this.key, proposal, { lease });
    await waitDeletes(client, this.#prefix, header.revision - 1, context);
    if (!context.cancelled) return true;
    await this.resign();
    return false;
  }

  async resign(): Promise<void> {
    await this.#session.client.delete({ key: this.key });
  }

  /** Every leader's key as it is and as it changes, until `context` is cancelled. */
  async *observe(context: Context): AsyncGenerator<RangeResponse> {
    const { client } = this.#session;
    while (!context.cancelled) {
      const { header, kvs } = await client.get(withPrefix(this.#prefix), FIRST_CREATED);
      const leader =
        kvs[0] === undefined ? await this.#nextPut(header.revision, context) : { header, kv: kvs[0] };
      if (leader === undefined) return;
      yield answer(leader.header, leader.kv);
      const watch = client.watch({ key: leader.kv.key, startRevision: leader.header.revision + 1, context });
      term: for await (const { header: now, events } of watch) {
        for (const { type, kv } of events) {
          if (type === 'delete') break term;
          yield answer(now, kv);
        }
      }
    }
  }

  /** The next candidate where there is none; undefined if `context` was cancelled before. */
  async #nextPut(
    startRevision: number,
    context: Context,
  ): Promise<{ readonly header: ResponseHeader; readonly kv: KeyValue } | undefined> {
    const watch = this.#session.client.watch({ ...withPrefix(this.#prefix), startRevision, context });
    for await (const { header, events } of watch) {
      const put = events.find(({ type }) => type === 'put');
      if (put !== undefined) return { header: { ...header, revision: put.kv.modRevision }, kv: put.kv };
    }
    return undefined;
  }
}

function answer(header: ResponseHeader, kv: KeyValue): RangeResponse {
  return { header, kvs: [kv], more: false, count: 0 };
}
