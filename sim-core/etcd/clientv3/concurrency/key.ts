import type { Context } from '../../../clock/context.ts';
import type { EtcdClient, KeyRange, RangeOptions } from '../client.ts';
import { prefixEnd } from '../client.ts';

/** All keys that begin with `prefix`. */
export const withPrefix = (prefix: string): KeyRange => ({ key: prefix, rangeEnd: prefixEnd(prefix) });

/** What a session puts below a name: "name/694d9a1b2c3d4e01", after its lease. */
export const ownKey = (name: string, lease: string): string => `${name}/${BigInt(lease).toString(16)}`;

/** The key that was made first. */
export const FIRST_CREATED: RangeOptions = { limit: 1, sort: { target: 'create', order: 'ascend' } };

const LAST_CREATED: RangeOptions = { limit: 1, sort: { target: 'create', order: 'descend' } };

/**
 * Waits until every key below `prefix` that was made at or before `maxCreateRevision` is gone, one after
 * another from the newest: whoever waits watches one key, not all. Resolves too when `context` is
 * cancelled. Models client/v3/concurrency/key.go waitDeletes.
 */
export async function waitDeletes(
  client: EtcdClient,
  prefix: string,
  maxCreateRevision: number,
  context: Context,
): Promise<void> {
  while (!context.cancelled) {
    const { header, kvs } = await client.get(withPrefix(prefix), { ...LAST_CREATED, maxCreateRevision });
    const [last] = kvs;
    if (last === undefined) return;
    await waitDelete(client, last.key, header.revision, context);
  }
}

async function waitDelete(
  client: EtcdClient,
  key: string,
  startRevision: number,
  context: Context,
): Promise<void> {
  for await (const { events } of client.watch({ key, startRevision, context })) {
    if (events.some(({ type }) => type === 'delete')) return;
  }
}
