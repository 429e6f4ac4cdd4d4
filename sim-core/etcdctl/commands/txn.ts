import type { Compare, Operation, OperationResponse } from '../../etcd/clientv3/client.ts';
import type { EtcdctlCommand } from '../command.ts';
import { type FlagTable, parseFlags, UsageError } from '../flags.ts';
import { parseLease } from '../printer.ts';
import { del, get, keyValueText, put, rangeOf } from './kv.ts';

const COMPARE = /^(\w+)\("((?:[^"\\]|\\.)*)"\)\s*(=|!=|<|>)\s*"((?:[^"\\]|\\.)*)"$/;
const TARGETS: Readonly<Record<string, Compare['target']>> = {
  c: 'create',
  create: 'create',
  lease: 'lease',
  m: 'mod',
  mod: 'mod',
  val: 'value',
  value: 'value',
  ver: 'version',
  version: 'version',
};

/** A transaction from stdin: comparisons, requests for success, requests for failure, with empty lines between. */
export const txn: EtcdctlCommand = {
  name: 'txn',
  flags: { interactive: { shorthand: 'i', value: false } },
  async run({ flags, io, client }) {
    if (flags.args.length > 0) throw new UsageError('txn command does not accept argument');
    const sections = sectionsOf(io.stdin);
    const { succeeded, responses } = await (
      await client()
    ).txn({
      compare: sections[0].map(compareOf),
      success: sections[1].map(operationOf),
      failure: sections[2].map(operationOf),
    });
    io.stdout(succeeded ? 'SUCCESS\n' : 'FAILURE\n');
    for (const response of responses) io.stdout(`\n${responseText(response)}`);
  },
};

function sectionsOf(text: string): [string[], string[], string[]] {
  const sections: [string[], string[], string[]] = [[], [], []];
  let current = 0;
  for (const line of text.split('\n')) {
    if (current > 2) break;
    if (line.trim() === '') current++;
    else sections[current]!.push(line.trim());
  }
  return sections;
}

function compareOf(line: string): Compare {
  const [, name, key, result, operand] = COMPARE.exec(line) ?? [];
  const target = TARGETS[name ?? ''];
  if (target === undefined) throw new UsageError(`malformed comparison: ${line}`, 3);
  const unquoted = (text: string) => text.replace(/\\(.)/g, '$1');
  return {
    target,
    key: unquoted(key!),
    result: result as Compare['result'],
    operand:
      target === 'value'
        ? unquoted(operand!)
        : target === 'lease'
          ? (parseLease(operand!) ?? '0')
          : Number(operand),
  };
}

const OPERATIONS: Readonly<Record<string, FlagTable>> = { del: del.flags!, get: get.flags!, put: put.flags! };

function operationOf(line: string): Operation {
  const [name = '', ...words] = (line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g) ?? []).map((word) =>
    /^".*"$/s.test(word) ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word.replace(/^'(.*)'$/s, '$1'),
  );
  const table = OPERATIONS[name];
  if (table === undefined) throw new UsageError(`invalid txn request: ${line}`, 3);
  const flags = parseFlags(words, table);
  if (name === 'put') return { type: 'put', key: flags.args[0] ?? '', value: flags.args[1] ?? '' };
  if (name === 'get') return { type: 'range', ...rangeOf('get', flags), limit: flags.number('limit') };
  return { type: 'delete', ...rangeOf('del', flags) };
}

function responseText(response: OperationResponse): string {
  switch (response.type) {
    case 'range':
      return response.kvs.map((kv) => keyValueText(kv)).join('');
    case 'put':
      return 'OK\n';
    case 'delete':
      return `${response.deleted}\n`;
    case 'txn':
      return response.succeeded ? 'SUCCESS\n' : 'FAILURE\n';
  }
}
