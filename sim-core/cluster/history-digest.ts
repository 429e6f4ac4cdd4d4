import { sha256 } from '@noble/hashes/sha2.js';
import { Context } from '../clock/context.ts';
import { hex } from '../crypto/encoding/bytes.ts';
import type { EtcdClient, KeyValue } from '../etcd/clientv3/client.ts';
import { toBytes } from '../etcd/clientv3/bytes.ts';

const ALL_KEYS = { key: '\0', rangeEnd: '\0' } as const;

/**
 * What happened in an etcd, as one text that can be compared between a browser and Node: the SHA-256 (in
 * hexadecimal) of all keys as they are at the revision `from` and of every change after it, leases included.
 * Rejects with an EtcdError if `from` is compacted, or is yet to come.
 */
export async function historyDigest(etcd: EtcdClient, from: number): Promise<string> {
  const digest = sha256.create();
  const add = (what: string, { key, value, createRevision, modRevision, version, lease }: KeyValue) =>
    digest.update(
      toBytes(`${JSON.stringify([what, key, value, createRevision, modRevision, version, lease])}\n`),
    );
  const { kvs, header } = await etcd.get(ALL_KEYS, { revision: from });
  for (const kv of kvs) add('is', kv);
  const context = new Context();
  let reached = from;
  const changes = etcd.watch({ ...ALL_KEYS, startRevision: from + 1, context });
  if (reached < header.revision) {
    for await (const { events } of changes) {
      for (const { type, kv } of events) {
        add(type, kv);
        reached = kv.modRevision;
      }
      if (reached >= header.revision) break;
    }
  }
  context.cancel();
  return hex(digest.digest());
}
