import { goQuote } from '../../apimachinery/go-format.ts';
import type { Compare, Operation } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import { FlagError, parseFlags } from '../cobrautl/flags.ts';
import type { EtcdctlCommand } from '../command.ts';
import { txnOutput } from '../printer/responses.ts';
import { parseId } from '../printer/values.ts';
import { goUnquotePrefix } from '../go-unquote.ts';
import { argify } from './argify.ts';
import { del, delRequest, get, getRequest, put, putRequest } from './kv.ts';

const invalid = (message: string) => new ExitError('invalidInput', message);

/** A transaction from stdin: comparisons, requests for success, requests for failure, each ended by an empty line. */
export const txn: EtcdctlCommand = {
  use: 'txn [options]',
  short: 'Txn processes all the requests in one transaction',
  long: `Txn reads multiple etcd requests from standard input and applies them as a single atomic transaction.

A transaction consists of three components:
1) a list of conditions,
2) a list of requests to apply if all the conditions are true,
3) a list of requests to apply if any condition is false.

Example interactive stdin usage:

---
etcdctl txn -i
# compares:
mod("key1") > "0"

# success requests (get, put, delete):
put key1 "overwrote-key1"

# failure requests (get, put, delete):
put key1 "created-key1"
put key2 "some extra key"
---

Refer to https://github.com/etcd-io/etcd/blob/main/etcdctl/README.md#txn-options.`,
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
    const lines = (await io.stdin.readAll()).split('\n');
    const prompt = (text: string) => flags.bool('interactive') && io.stdout(`${text}\n`);
    prompt('compares:');
    const compare = section(lines, compareOf);
    prompt('success requests (get, put, del):');
    const success = section(lines, operationOf);
    prompt('failure requests (get, put, del):');
    const failure = section(lines, operationOf);
    display(txnOutput(await (await client()).txn({ compare, success, failure }), style));
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
  const open = line.indexOf('(');
  if (open < 0) throw invalid(`malformed comparison: ${line}`);
  const name = line.slice(0, open);
  const [key, result, operand] = scanCompare(line.slice(open + 1));
  if (key === undefined || result === undefined || operand === undefined) {
    const got = `${name}(${goQuote(key ?? '')}) ${result ?? ''} ${goQuote('')}`;
    throw invalid(`malformed comparison: ${line}; got ${got}`);
  }
  const target = TARGETS[name];
  if (target === undefined) throw invalid(`malformed comparison: ${line} (unknown target ${name})`);
  if (!RESULTS.includes(result)) throw new ExitError('error', 'Unknown result op');
  return {
    target,
    key,
    result: result as Compare['result'],
    operand: operandOf(target, operand, line),
  };
}

/** As many of key, operator and operand as `text` has in this form. Models fmt.Sscanf with `%q) %s %q`. */
function scanCompare(text: string): [key?: string, result?: string, operand?: string] {
  const key = goUnquotePrefix(text.trimStart());
  if (key === undefined) return [];
  const [head, result] = /^\) +(\S+)/.exec(text.trimStart().slice(key.length)) ?? [];
  if (head === undefined) return [key.text];
  const rest = text.trimStart().slice(key.length + head.length);
  const operand = /^\s/.test(rest) ? goUnquotePrefix(rest.trimStart()) : undefined;
  return operand === undefined ? [key.text, result] : [key.text, result, operand.text];
}

function operandOf(target: Compare['target'], text: string, line: string): string | number {
  if (target === 'value') return text;
  const lease = target === 'lease' ? parseId(text) : undefined;
  if (lease !== undefined) return lease;
  if (target === 'lease' || !/^[+-]?\d+$/.test(text)) throw invalid(`invalid txn compare request: ${line}`);
  return Number(text);
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
