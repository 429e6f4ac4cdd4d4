import type {
  KeyRange,
  KeyValue,
  RangeOptions,
  RangeResponse,
  ResponseHeader,
  SortTarget,
} from '../../clientv3/client.ts';
import { compareBytes } from '../../clientv3/bytes.ts';
import { rpcError } from '../../api/rpctypes.ts';
import type { ReadView } from '../../mvcc/kvstore-txn.ts';

/**
 * The store's way to write the end of a range: undefined for the key alone, "" for "from the key on".
 * Models server/etcdserver/txn mkGteRange.
 */
export function storeEnd(rangeEnd: string | undefined): string | undefined {
  if (rangeEnd === undefined || rangeEnd === '') return undefined;
  return rangeEnd === '\0' ? '' : rangeEnd;
}

type Order = (a: KeyValue, b: KeyValue) => number;

const ORDERS: Readonly<Record<SortTarget, Order>> = {
  key: (a, b) => compareBytes(a.key, b.key),
  version: (a, b) => a.version - b.version,
  create: (a, b) => a.createRevision - b.createRevision,
  mod: (a, b) => a.modRevision - b.modRevision,
  value: (a, b) => compareBytes(a.value, b.value),
};

/** Throws what {@link executeRange} would throw. Models server/etcdserver/txn checkRange. */
export function checkRange(view: ReadView, options: RangeOptions): void {
  const revision = options.revision ?? 0;
  if (revision === 0) return;
  if (revision > view.revision) throw rpcError('futureRevision');
  if (revision < view.firstRevision) throw rpcError('compacted');
}

/** Models server/etcdserver/txn/range.go executeRange. `header` makes the header of a revision. */
export function executeRange(
  view: ReadView,
  header: (revision: number) => ResponseHeader,
  request: KeyRange & RangeOptions,
): RangeResponse {
  const limit = request.limit ?? 0;
  const filter = revisionFilter(request);
  const { sort } = request;
  const sorted = sort !== undefined && !(sort.target === 'key' && sort.order === 'ascend');
  const result = view.range(request.key, storeEnd(request.rangeEnd), {
    revision: request.revision,
    countOnly: request.countOnly,
    limit: limit > 0 && !sorted && filter === undefined ? limit + 1 : 0,
  });
  let kvs = filter === undefined ? result.kvs : result.kvs.filter(filter);
  if (sorted) {
    const order = ORDERS[sort.target];
    if (sort.target === 'key') kvs.reverse();
    else kvs.sort(sort.order === 'ascend' ? order : (a, b) => order(b, a));
  }
  const more = limit > 0 && kvs.length > limit;
  if (more) kvs.length = limit;
  if (request.keysOnly) kvs = kvs.map((kv) => ({ ...kv, value: '' }));
  return { header: header(result.revision), kvs, more, count: result.count };
}

function revisionFilter(options: RangeOptions): ((kv: KeyValue) => boolean) | undefined {
  const minMod = options.minModRevision || -Infinity;
  const maxMod = options.maxModRevision || Infinity;
  const minCreate = options.minCreateRevision || -Infinity;
  const maxCreate = options.maxCreateRevision || Infinity;
  if (minMod === -Infinity && maxMod === Infinity && minCreate === -Infinity && maxCreate === Infinity) {
    return undefined;
  }
  return (kv) =>
    kv.modRevision >= minMod &&
    kv.modRevision <= maxMod &&
    kv.createRevision >= minCreate &&
    kv.createRevision <= maxCreate;
}
