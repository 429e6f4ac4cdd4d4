import { EtcdError } from '../etcd/clientv3/client.ts';
import { FileError } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../shell/command.ts';
import type { EtcdctlCommand } from './command.ts';
import { compaction, del, get, put } from './commands/kv.ts';
import { grant, keepAlive, list, revoke, timeToLive } from './commands/lease.ts';
import {
  alarmDisarm,
  alarmList,
  authStatus,
  defrag,
  health,
  memberList,
  roleList,
  snapshotSave,
  status,
  userList,
  version,
} from './commands/maintenance.ts';
import { txn } from './commands/txn.ts';
import { watch } from './commands/watch.ts';
import { type FlagTable, parseFlags, UsageError } from './flags.ts';
import type { EtcdctlClient, EtcdNetwork } from './network.ts';

const COMMANDS: readonly EtcdctlCommand[] = [
  get,
  put,
  del,
  txn,
  compaction,
  { ...compaction, name: 'compact' },
  alarmDisarm,
  alarmList,
  defrag,
  health,
  status,
  watch,
  version,
  grant,
  revoke,
  timeToLive,
  list,
  keepAlive,
  memberList,
  snapshotSave,
  authStatus,
  userList,
  roleList,
];

const GLOBAL_FLAGS: FlagTable = {
  cacert: { value: true },
  cert: { value: true },
  'command-timeout': { value: true },
  debug: { value: false },
  'dial-timeout': { value: true },
  endpoints: { value: true },
  hex: { value: false },
  'insecure-skip-tls-verify': { value: false },
  'insecure-transport': { value: false },
  key: { value: true },
  user: { value: true },
  'write-out': { shorthand: 'w', value: true },
};

const DEFAULT_ENDPOINT = '127.0.0.1:2379';
/** How long etcdctl tries, in milliseconds. */
const COMMAND_TIMEOUT = 5000;

/** etcdctl as a program of the lab's shell. */
export function createEtcdctl({ network }: { readonly network: EtcdNetwork }): Command {
  return {
    name: 'etcdctl',
    async run(args, io, environment) {
      try {
        return await runEtcdctl(args, io, environment, network);
      } catch (error) {
        if (environment.context.cancelled) return 130;
        if (!(error instanceof UsageError) && !(error instanceof EtcdError) && !(error instanceof FileError))
          throw error;
        io.stderr(`Error: ${error.message}\n`);
        return error instanceof UsageError ? error.exit : 1;
      }
    },
  };
}

async function runEtcdctl(
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: EtcdNetwork,
): Promise<number> {
  const [command, rest] = findCommand(args);
  if (command === undefined) {
    const word = args.find((argument) => !argument.startsWith('-'));
    if (word === undefined || word === 'help') {
      io.stdout(helpText());
      return 0;
    }
    const message = `unknown command ${JSON.stringify(word)} for "etcdctl"${suggestion(word)}`;
    io.stderr(`Error: ${message}\nRun 'etcdctl --help' for usage.\nError: ${message}\n`);
    return 1;
  }
  const flags = parseFlags(rest, { ...GLOBAL_FLAGS, ...command.flags });
  const setting = (name: string) =>
    flags.text(name) || (environment.variables[`ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`] ?? '');
  const endpoints = (setting('endpoints') || DEFAULT_ENDPOINT).split(',');
  const tls = tlsOf(setting, environment);
  const clientOf = async (endpoint: string): Promise<EtcdctlClient> => {
    const found = network.connect(environment.machine, endpoint, tls);
    if ('client' in found) return found.client;
    const { clock, context } = environment;
    await clock.sleep(COMMAND_TIMEOUT, { context });
    const ts = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const target = `etcd-endpoints://0xc0000/${endpoint.replace(/^https?:\/\//, '')}`;
    const error = `rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = ${JSON.stringify(found.problem)}`;
    const caller = 'v3/retry_interceptor.go:65';
    io.stderr(
      `${JSON.stringify({ level: 'warn', ts, logger: 'etcd-client', caller, msg: 'retrying of unary invoker failed', target, attempt: 0, error })}\n`,
    );
    throw new UsageError('context deadline exceeded', 1);
  };
  const exit = await command.run({
    io,
    environment,
    flags,
    format: setting('write-out') || 'simple',
    endpoints,
    clientOf,
    client: () => clientOf(endpoints[0]!),
  });
  return exit ?? 0;
}

function findCommand(args: readonly string[]): [EtcdctlCommand | undefined, readonly string[]] {
  const words: number[] = [];
  for (let index = 0; index < args.length && words.length < 2; index++) {
    const argument = args[index]!;
    if (!argument.startsWith('-')) {
      words.push(index);
      continue;
    }
    const name = argument.replace(/^--?/, '');
    const flag =
      GLOBAL_FLAGS[name] ?? Object.values(GLOBAL_FLAGS).find(({ shorthand }) => shorthand === name);
    if (flag?.value === true) index++;
  }
  for (const count of [2, 1]) {
    const chosen = words.slice(0, count);
    const command = COMMANDS.find(({ name }) => name === chosen.map((index) => args[index]).join(' '));
    if (command !== undefined && chosen.length === count)
      return [command, args.filter((_, index) => !chosen.includes(index))];
  }
  return [undefined, args];
}

function tlsOf(setting: (name: string) => string, { machine, cwd }: CommandEnvironment) {
  const read = (name: string): string | undefined => {
    const path = setting(name);
    if (path === '') return undefined;
    try {
      return machine.files.read(resolvePath(cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new UsageError(`open ${path}: ${error.message.toLowerCase()}`, 1);
    }
  };
  const [certificateAuthority, certificate, key] = [read('cacert'), read('cert'), read('key')];
  return {
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  };
}

/** Top-level names that are near a mistyped one. Models cobra SuggestionsFor. */
function suggestion(word: string): string {
  const names = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0]!))];
  const near = names.filter((name) => name.startsWith(word) || distance(word, name) <= 2);
  return near.length === 0 ? '\n' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`;
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}

function helpText(): string {
  return `NAME:\n\tetcdctl - A simple command line client for etcd3.\n\nUSAGE:\n\tetcdctl [flags]\n\nCOMMANDS:\n${COMMANDS.map(
    ({ name }) => `\t${name}\n`,
  )
    .sort()
    .join('')}`;
}
