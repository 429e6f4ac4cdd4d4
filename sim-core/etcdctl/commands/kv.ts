import { goQuote } from '../../apimachinery/go-format.ts';
import { signedComplaint } from '../../apimachinery/go-numbers.ts';
import type {
  DeleteOptions,
  KeyRange,
  PutOptions,
  RangeOptions,
  SortTarget,
} from '../../etcd/clientv3/client.ts';
import { prefixEnd } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { Flag, Flags } from '../cobrautl/flags.ts';
import type { EtcdctlCommand } from '../command.ts';
import { deleteOutput, putOutput, rangeOutput } from '../printer/responses.ts';
import { parseId } from '../printer/values.ts';

const bool = (name: string, usage: string): Flag => ({ name, type: 'bool', default: 'false', usage });
const int = (name: string, usage: string): Flag => ({ name, type: 'int', default: '0', usage });
const string = (name: string, usage: string, fallback = ''): Flag => ({
  name,
  type: 'string',
  default: fallback,
  usage,
});

const badArgs = (message: string) => new ExitError('badArgs', message);

/** The range that arguments, --prefix and --from-key name. */
function rangeOf(command: string, args: readonly string[], flags: Flags): KeyRange {
  const [key, end] = args;
  if (key === undefined)
    throw badArgs(`${command} command needs one argument as key and an optional argument as range_end`);
  const [prefix, fromKey] = [flags.bool('prefix'), flags.bool('from-key')];
  if (prefix && fromKey)
    throw badArgs('`--prefix` and `--from-key` cannot be set at the same time, choose one');
  if (end !== undefined) {
    if (prefix || fromKey)
      throw badArgs('too many arguments, only accept one argument when `--prefix` or `--from-key` is set');
    return { key, rangeEnd: end };
  }
  if (prefix) return key === '' ? { key: '\0', rangeEnd: '\0' } : { key, rangeEnd: prefixEnd(key) };
  return fromKey ? { key: key === '' ? '\0' : key, rangeEnd: '\0' } : { key };
}

const SORT_TARGETS: Readonly<Record<string, SortTarget>> = {
  CREATE: 'create',
  KEY: 'key',
  MODIFY: 'mod',
  VALUE: 'value',
  VERSION: 'version',
};
const ORDERS = { '': undefined, ASCEND: 'ascend', DESCEND: 'descend' } as const;

/** Models getGetOp; throws an ExitError for what does not fit together. */
export function getRequest(args: readonly string[], flags: Flags): [KeyRange, RangeOptions] {
  const range = rangeOf('get', args, flags);
  if (flags.bool('keys-only') && flags.bool('count-only'))
    throw badArgs('`--keys-only` and `--count-only` cannot be set at the same time, choose one');
  const consistency = flags.text('consistency');
  if (consistency !== 'l' && consistency !== 's')
    throw new ExitError('badFeature', `unknown consistency flag ${goQuote(consistency)}`);
  const orderText = flags.text('order').toUpperCase();
  if (!Object.hasOwn(ORDERS, orderText))
    throw new ExitError('badFeature', `bad sort order ${flags.text('order')}`);
  const target = SORT_TARGETS[flags.text('sort-by').toUpperCase()];
  if (target === undefined && flags.text('sort-by') !== '')
    throw new ExitError('badFeature', `bad sort target ${flags.text('sort-by')}`);
  const order = ORDERS[orderText as keyof typeof ORDERS];
  const options: RangeOptions = {
    revision: flags.number('rev'),
    limit: flags.number('limit'),
    keysOnly: flags.bool('keys-only'),
    countOnly: flags.bool('count-only'),
    serializable: consistency === 's',
    minCreateRevision: flags.number('min-create-rev'),
    maxCreateRevision: flags.number('max-create-rev'),
    minModRevision: flags.number('min-mod-rev'),
    maxModRevision: flags.number('max-mod-rev'),
    ...((target !== undefined || order !== undefined) && {
      sort: { target: target ?? 'key', order: order ?? 'ascend' },
    }),
  };
  return [range, options];
}

export const get: EtcdctlCommand = {
  use: 'get [options] <key> [range_end]',
  short: 'Gets the key or a range of keys',
  flags: [
    string('consistency', 'Linearizable(l) or Serializable(s)', 'l'),
    string('order', 'Order of results; ASCEND or DESCEND (ASCEND by default)'),
    string('sort-by', 'Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION'),
    int('limit', 'Maximum number of results'),
    bool('prefix', 'Get keys with matching prefix'),
    bool('from-key', 'Get keys that are greater than or equal to the given key using byte compare'),
    int('rev', 'Specify the kv revision'),
    bool('keys-only', 'Get only the keys'),
    bool('count-only', 'Get only the count'),
    bool('print-value-only', 'Only write values when using the "simple" output format'),
    int('min-create-rev', 'Minimum create revision'),
    int('max-create-rev', 'Maximum create revision'),
    int('min-mod-rev', 'Minimum modification revision'),
    int('max-mod-rev', 'Maximum modification revision'),
  ],
  async run({ args, flags, format, style, client, display }) {
    const request = getRequest(args, flags);
    const response = await (await client()).get(...request);
    if (flags.bool('count-only') && format !== 'fields')
      throw badArgs('--count-only is only for `--write-out=fields`');
    const valueOnly = flags.bool('print-value-only');
    if (valueOnly && format !== 'simple') throw badArgs('print-value-only is only for `--write-out=simple`');
    display(rangeOutput(response, { ...style, valueOnly }));
  },
};

/** Models getPutOp. `stdin` gives the value if no argument does. */
export function putRequest(
  args: readonly string[],
  flags: Flags,
  stdin: string,
): [key: string, value: string, options: PutOptions] {
  const missing = badArgs('put command needs 1 argument and input from stdin or 2 arguments');
  const [key, given] = args;
  if (key === undefined) throw missing;
  const ignoreValue = flags.bool('ignore-value');
  if (ignoreValue && args.length > 1)
    throw badArgs("put command needs only 1 argument when 'ignore-value' is set");
  const value = given ?? stdin;
  if (!ignoreValue && given === undefined && value === '') throw missing;
  const text = flags.text('lease');
  const lease = parseId(text);
  if (lease === undefined)
    throw badArgs(
      `bad lease ID (strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax), expecting ID in Hex`,
    );
  return [
    key,
    ignoreValue ? '' : value,
    { lease, previous: flags.bool('prev-kv'), ignoreValue, ignoreLease: flags.bool('ignore-lease') },
  ];
}

export const put: EtcdctlCommand = {
  use: 'put [options] <key> <value> (<value> can also be given from stdin)',
  short: 'Puts the given key into the store',
  long: `
Puts the given key into the store.

When <value> begins with '-', <value> is interpreted as a flag.
Insert '--' for workaround:

$ put <key> -- <value>
$ put -- <key> <value>

If <value> isn't given as a command line argument and '--ignore-value' is not specified,
this command tries to read the value from standard input.

If <lease> isn't given as a command line argument and '--ignore-lease' is not specified,
this command tries to read the value from standard input.

For example,
$ cat file | put <key>
will store the content of the file to <key>.
`,
  flags: [
    string('lease', 'lease ID (in hexadecimal) to attach to the key', '0'),
    bool('prev-kv', 'return the previous key-value pair before modification'),
    bool('ignore-value', 'updates the key using its current value'),
    bool('ignore-lease', 'updates the key using its current lease'),
  ],
  async run({ args, flags, io, style, client, display }) {
    const request = putRequest(args, flags, args.length === 1 ? await io.stdin.readAll() : '');
    display(putOutput(await (await client()).put(...request), style));
  },
};

/** Models getDelOp. */
export function delRequest(args: readonly string[], flags: Flags): [KeyRange, DeleteOptions] {
  if (args.length > 2)
    throw badArgs('del command needs one argument as key and an optional argument as range_end');
  return [rangeOf('del', args, flags), { previous: flags.bool('prev-kv') }];
}

/** How long `del` waits before it deletes a range that was not asked for by flag. */
const SECOND_THOUGHT_MS = 2000;

export const del: EtcdctlCommand = {
  use: 'del [options] <key> [range_end]',
  short: 'Removes the specified key or range of keys [key, range_end)',
  flags: [
    bool('prefix', 'delete keys with matching prefix'),
    bool('prev-kv', 'return deleted key-value pairs'),
    bool('from-key', 'delete keys that are greater than or equal to the given key using byte compare'),
    bool('range', 'delete range of keys'),
  ],
  async run({ args, flags, io, style, environment, client, display }) {
    const request = delRequest(args, flags);
    if (args.length > 1 && !flags.bool('range')) {
      const [from, to] = args.map((arg) => goQuote(arg));
      io.stderr(
        `Warning: Keys between ${from} and ${to} will be deleted. Please interrupt the command within next 2 seconds to cancel. You can provide \`--range\` flag to avoid the delay.\n`,
      );
      await environment.clock.sleep(SECOND_THOUGHT_MS, { context: environment.context });
      if (environment.context.cancelled) return 130;
    }
    display(deleteOutput(await (await client()).delete(...request), style));
    return 0;
  },
};

export const compaction: EtcdctlCommand = {
  use: 'compaction [options] <revision>',
  short: 'Compacts the event history in etcd',
  flags: [bool('physical', "'true' to wait for compaction to physically remove all old revisions")],
  async run({ args, io, client }) {
    const [text] = args;
    if (text === undefined || args.length > 1) throw badArgs('compaction command needs 1 argument');
    const complaint = signedComplaint(text);
    if (complaint !== undefined) throw new ExitError('error', complaint);
    await (await client()).compact(Number(text));
    io.stdout(`compacted revision ${Number(text)}\n`);
  },
};
