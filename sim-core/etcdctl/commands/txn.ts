import type { Compare, Operation } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import { FlagError, parseFlags } from '../cobrautl/flags.ts';
import type { EtcdctlCommand } from '../command.ts';
import { txnOutput } from '../printer/responses.ts';
import { parseId } from '../printer/values.ts';
import { argify } from './argify.ts';
import { del, delRequest, get, getRequest, put, putRequest } from './kv.ts';

const invalid = (message: string) => new ExitError('invalidInput', message);

/** A transaction from stdin: comparisons, requests for success, requests for failure, each ended by an empty line. */
export const txn: EtcdctlCommand = {
  use: 'txn [options]',
  short: 'Txn processes all the requests in one transaction',
  flags: [
    {
      name: 'interactive',
      shorthand: 'i',
      type: 'bool',
      default: 'false',
      usage: 'Input transaction in interactive mode',
    },
  ],
  async run({ args, flags, io, style, client, display }) {
    if (args.length > 0) throw new ExitError('badArgs', 'txn command does not accept argument');
    const connection = await client();
    const lines = io.stdin.split('\n');
    const prompt = (text: string) => flags.bool('interactive') && io.stdout(`${text}\n`);
    prompt('compares:');
    const compare = section(lines, compareOf);
    prompt('success requests (get, put, del):');
    const success = section(lines, operationOf);
    prompt('failure requests (get, put, del):');
    const failure = section(lines, operationOf);
    display(txnOutput(await connection.txn({ compare, success, failure }), style));
  },
};

/** Takes lines up to an empty one, which must be there. Models readCompares and readOps. */
function section<T>(lines: string[], parse: (line: string) => T): T[] {
  const parsed: T[] = [];
  for (;;) {
    // What stands behind the last newline is no line.
    if (lines.length < 2) throw invalid('EOF');
    const line = lines.shift()!.trim();
    if (line === '') return parsed;
    parsed.push(parse(line));
  }
}

const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
const COMPARE = new RegExp(String.raw`^([^(]*)\(\s*${QUOTED}\)\s*(\S+)\s+${QUOTED}`);
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
const RESULTS: readonly string[] = ['=', '!=', '<', '>'];

/** Models ParseCompare. */
function compareOf(line: string): Compare {
  const [, name, key, result, operand] = COMPARE.exec(line) ?? [];
  if (name === undefined) throw invalid(`malformed comparison: ${line}`);
  const target = TARGETS[name];
  if (target === undefined) throw invalid(`malformed comparison: ${line} (unknown target ${name})`);
  if (!RESULTS.includes(result!)) throw new ExitError('error', 'Unknown result op');
  return {
    target,
    key: unquoted(key!),
    result: result as Compare['result'],
    operand: operandOf(target, unquoted(operand!), line),
  };
}

function operandOf(target: Compare['target'], text: string, line: string): string | number {
  if (target === 'value') return text;
  const lease = target === 'lease' ? parseId(text) : undefined;
  if (lease !== undefined) return lease;
  if (target === 'lease' || !/^[+-]?\d+$/.test(text)) throw invalid(`invalid txn compare request: ${line}`);
  return Number(text);
}

function unquoted(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}

/** Models parseRequestUnion. */
function operationOf(line: string): Operation {
  const [name, ...words] = argify(line);
  if (words.length === 0) throw invalid(`invalid txn compare request: ${line}`);
  try {
    switch (name) {
      case 'put': {
        const { args, flags } = parseFlags(words, put.flags!);
        const [key, value, options] = putRequest(args, flags, '');
        return { type: 'put', key, value, ...options };
      }
      case 'get': {
        const { args, flags } = parseFlags(words, get.flags!);
        const [range, options] = getRequest(args, flags);
        return { type: 'range', ...range, ...options };
      }
      case 'del': {
        const { args, flags } = parseFlags(words, del.flags!);
        const [range, options] = delRequest(args, flags);
        return { type: 'delete', ...range, ...options };
      }
    }
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
  }
  throw invalid(`invalid txn request: ${line}`);
}
