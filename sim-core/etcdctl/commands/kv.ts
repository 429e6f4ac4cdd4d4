import type { KeyRange, KeyValue, RangeResponse, SortTarget } from '../../etcd/clientv3/client.ts';
import { prefixEnd } from '../../etcd/clientv3/client.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import { type ParsedFlags, UsageError } from '../flags.ts';
import { headerJson, json, keyValueJson, parseLease } from '../printer.ts';

const RANGE_FLAGS = {
  'from-key': { value: false },
  prefix: { value: false },
} as const;

/** The range that arguments and flags name. */
export function rangeOf(name: string, { args, has }: ParsedFlags): KeyRange {
  if (has('prefix') && has('from-key')) {
    throw new UsageError('`--prefix` and `--from-key` cannot be set at the same time, choose one');
  }
  const [key, end, ...more] = args;
  if (key === undefined || more.length > 0) {
    throw new UsageError(`${name} command needs one argument as key and an optional argument as range_end`);
  }
  if (end !== undefined) {
    if (has('prefix') || has('from-key')) {
      throw new UsageError(
        `too many arguments, only accept one argument when \`--prefix\` or \`--from-key\` is set`,
      );
    }
    return { key, rangeEnd: end };
  }
  if (has('prefix')) return key === '' ? { key: '\0', rangeEnd: '\0' } : { key, rangeEnd: prefixEnd(key) };
  if (has('from-key')) return { key: key === '' ? '\0' : key, rangeEnd: '\0' };
  return { key };
}

const SORT_TARGETS: Readonly<Record<string, SortTarget>> = {
  CREATE: 'create',
  KEY: 'key',
  MODIFY: 'mod',
  VALUE: 'value',
  VERSION: 'version',
};

export const get: EtcdctlCommand = {
  name: 'get',
  flags: {
    ...RANGE_FLAGS,
    consistency: { value: true },
    'count-only': { value: false },
    'keys-only': { value: false },
    limit: { value: true },
    order: { value: true },
    'print-value-only': { value: false },
    rev: { value: true },
    'sort-by': { value: true },
  },
  async run({ flags, io, format, client }) {
    const range = rangeOf('get', flags);
    if (flags.has('keys-only') && flags.has('count-only')) {
      throw new UsageError('`--keys-only` and `--count-only` cannot be set at the same time, choose one');
    }
    if (flags.has('count-only') && format === 'simple') {
      throw new UsageError('--count-only is only for `--write-out=fields`');
    }
    const target = SORT_TARGETS[flags.text('sort-by').toUpperCase()];
    if (flags.text('sort-by') !== '' && target === undefined)
      throw new UsageError(`bad sort target ${flags.text('sort-by')}`);
    const order = flags.text('order').toUpperCase();
    if (!['', 'ASCEND', 'DESCEND'].includes(order))
      throw new UsageError(`bad sort order ${flags.text('order')}`);
    const response = await (
      await client()
    ).get(range, {
      revision: flags.number('rev'),
      limit: flags.number('limit'),
      keysOnly: flags.has('keys-only'),
      countOnly: flags.has('count-only'),
      ...((target !== undefined || order !== '') && {
        sort: { target: target ?? 'key', order: order === 'DESCEND' ? 'descend' : 'ascend' },
      }),
    });
    printRange(response, { io, format, flags });
  },
};

function printRange(
  response: RangeResponse,
  { io, format, flags }: Pick<EtcdctlInvocation, 'io' | 'format' | 'flags'>,
): void {
  const { header, kvs, more, count } = response;
  if (format === 'json') {
    const list = kvs.length === 0 ? undefined : kvs.map(keyValueJson);
    io.stdout(
      `${json({ header: headerJson(header), kvs: list, more: more || undefined, count: count === 0 ? undefined : count })}\n`,
    );
  } else if (format === 'fields') {
    io.stdout(
      `"ClusterID" : ${header.clusterId}\n"MemberID" : ${header.memberId}\n"Revision" : ${header.revision}\n"RaftTerm" : ${header.raftTerm}\n`,
    );
    for (const { key, createRevision, modRevision, version, value, lease } of kvs) {
      io.stdout(
        `"Key" : ${JSON.stringify(key)}\n"CreateRevision" : ${createRevision}\n"ModRevision" : ${modRevision}\n"Version" : ${version}\n"Value" : ${JSON.stringify(value)}\n"Lease" : ${lease}\n\n`,
      );
    }
    io.stdout(`"More" : ${more}\n"Count" : ${count}\n`);
  } else for (const kv of kvs) io.stdout(keyValueText(kv, flags.has('print-value-only')));
}

/** "key\nvalue\n". */
export function keyValueText({ key, value }: KeyValue, valueOnly = false): string {
  return valueOnly ? `${value}\n` : `${key}\n${value}\n`;
}

export const put: EtcdctlCommand = {
  name: 'put',
  flags: {
    'ignore-lease': { value: false },
    'ignore-value': { value: false },
    lease: { value: true },
    'prev-kv': { value: false },
  },
  async run({ flags, io, format, client }) {
    const [key, given, ...more] = flags.args;
    const ignoreValue = flags.has('ignore-value');
    const value = given ?? (io.stdin === '' ? undefined : io.stdin);
    if (key === undefined || more.length > 0 || (value === undefined && !ignoreValue)) {
      throw new UsageError('put command needs 1 argument and input from stdin or 2 arguments');
    }
    const lease = flags.text('lease') === '' ? '0' : parseLease(flags.text('lease'));
    if (lease === undefined)
      throw new UsageError(
        `bad lease ID arg (strconv.ParseInt: parsing ${JSON.stringify(flags.text('lease'))}: invalid syntax), expecting ID in Hex`,
      );
    const { header, previous } = await (
      await client()
    ).put(key, value ?? '', {
      lease,
      previous: flags.has('prev-kv'),
      ignoreValue,
      ignoreLease: flags.has('ignore-lease'),
    });
    if (format === 'json')
      io.stdout(`${json({ header: headerJson(header), prev_kv: previous && keyValueJson(previous) })}\n`);
    else io.stdout(`OK\n${previous === undefined ? '' : keyValueText(previous)}`);
  },
};

export const del: EtcdctlCommand = {
  name: 'del',
  flags: { ...RANGE_FLAGS, 'prev-kv': { value: false }, range: { value: false } },
  async run({ flags, io, format, client }) {
    const { header, deleted, previous } = await (
      await client()
    ).delete(rangeOf('del', flags), { previous: flags.has('prev-kv') });
    if (format === 'json') {
      const list = previous.length === 0 ? undefined : previous.map(keyValueJson);
      io.stdout(
        `${json({ header: headerJson(header), deleted: deleted === 0 ? undefined : deleted, prev_kvs: list })}\n`,
      );
    } else io.stdout(`${deleted}\n${previous.map((kv) => keyValueText(kv)).join('')}`);
  },
};

export const compaction: EtcdctlCommand = {
  name: 'compaction',
  flags: { physical: { value: false } },
  async run({ flags, io, client }) {
    const [text, ...more] = flags.args;
    if (text === undefined || more.length > 0) throw new UsageError('compaction command needs 1 argument');
    if (!/^\d+$/.test(text))
      throw new UsageError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`, 1);
    await (await client()).compact(Number(text));
    io.stdout(`compacted revision ${text}\n`);
  },
};
