import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { EtcdClient } from '../../../etcd/clientv3/client.ts';
import { EtcdError } from '../../../etcd/clientv3/client.ts';

/** Its value is the revision compacted last, its version counts the compactions. */
const COMPACT_REVISION_KEY = 'compact_rev_key';

/**
 * Compacts etcd every `interval` milliseconds up to where it stood an interval ago, until `context` is cancelled.
 * Of several servers at one etcd one does it: who finds the key at the version that it knows.
 *
 *     0:00 rev 1      5:00 key := 0, rev 40      10:00 key := 40, compacted 40, rev 90
 *
 * Models storage/etcd3/compact.go.
 */
export async function compactPeriodically(
  client: EtcdClient,
  clock: Clock,
  interval: number,
  context: Context,
): Promise<void> {
  let time = 0;
  let revision = 0;
  for (;;) {
    await clock.sleep(interval, { periodic: true, context });
    if (context.cancelled) return;
    try {
      const { succeeded, header, responses } = await client.txn({
        compare: [{ key: COMPACT_REVISION_KEY, target: 'version', result: '=', operand: time }],
        success: [{ type: 'put', key: COMPACT_REVISION_KEY, value: String(revision) }],
        failure: [{ type: 'range', key: COMPACT_REVISION_KEY }],
      });
      const [found] = responses;
      time = succeeded || found?.type !== 'range' ? time + 1 : (found.kvs[0]?.version ?? 0);
      const before = revision;
      revision = header.revision;
      if (succeeded && before > 0) await client.compact(before);
    } catch (error) {
      // etcd is away, or somebody else has compacted further: the next round tries again.
      if (!(error instanceof EtcdError)) throw error;
    }
  }
}
