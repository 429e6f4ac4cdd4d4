import { formatGoDuration } from '../apimachinery/duration.ts';
import { goQuote } from '../apimachinery/go-format.ts';
import { EtcdError } from '../etcd/clientv3/client.ts';
import type { Command, CommandEnvironment, CommandIo } from '../shell/command.ts';
import { ETCD_VERSION } from '../version.ts';
import type { CliProgram } from './cobrautl/command.ts';
import { etcdWays, execute } from './cobrautl/command.ts';
import { ExitError, SilentExit } from './cobrautl/exit.ts';
import type { Flag, Flags } from './cobrautl/flags.ts';
import { FlagError } from './cobrautl/flags.ts';
import { helpText } from './cobrautl/help.ts';
import type { EtcdctlInvocation } from './command.ts';
import { auth } from './commands/auth.ts';
import { role } from './commands/role.ts';
import { user } from './commands/user.ts';
import { elect, lock } from './commands/concurrency.ts';
import { endpoint } from './commands/endpoint.ts';
import { compaction, del, get, put } from './commands/kv.ts';
import { lease } from './commands/lease.ts';
import { alarm, defrag, snapshot, version } from './commands/maintenance.ts';
import { member } from './commands/member.ts';
import { txn } from './commands/txn.ts';
import { watch } from './commands/watch.ts';
import { addressOf, ConnectionTimeout, tlsOf, userOf } from './connection.ts';
import { GLOBAL_FLAGS } from './global-flags.ts';
import { logLine } from './log.ts';
import type { EtcdctlClient, EtcdDial, EtcdNetwork } from './network.ts';
import { display, formatOf } from './printer/display.ts';

const PROGRAM: CliProgram<EtcdctlInvocation> = {
  use: 'etcdctl',
  short: 'A simple command line client for etcd3.',
  version: ETCD_VERSION,
  apiVersion: ETCD_VERSION.split('.').slice(0, 2).join('.'),
  ...etcdWays('etcdctl', helpText, 'stdout'),
  flags: GLOBAL_FLAGS,
  subcommands: [
    get,
    put,
    del,
    txn,
    compaction,
    alarm,
    defrag,
    endpoint,
    watch,
    version,
    lease,
    member,
    snapshot,
    lock,
    elect,
    auth,
    user,
    role,
  ],
};

/** etcdctl as a program of the lab's shell. Models etcdctl/ctlv3. */
export function createEtcdctl({ network }: { readonly network: EtcdNetwork }): Command {
  return {
    name: 'etcdctl',
    async run(args, io, environment) {
      try {
        return await execute(PROGRAM, args, io, (flags, rest, command) => {
          if (command !== version) readEnvironment(flags, io, environment);
          if (flags.bool('debug')) io.stderr(debugLines(flags));
          return invocationOf(flags, rest, io, environment, network);
        });
      } catch (error) {
        if (environment.context.cancelled) return 130;
        if (!(error instanceof EtcdError) && !(error instanceof ConnectionTimeout)) throw error;
        io.stderr(`Error: ${error.message}\n`);
        return 1;
      }
    },
  };
}

const PREFIX = 'ETCDCTL_';
/** Variables that have a meaning without being flags. */
const OTHER_VARIABLES = ['ETCDCTL_WATCH_KEY', 'ETCDCTL_WATCH_RANGE_END'];

/** Every flag as the variable that it is read from. Models clientConfigFromCmd. */
function debugLines(flags: Flags): string {
  const shown = ({ name, type }: Flag) => {
    if (type === 'stringSlice') return `[${flags.list(name).join(',')}]`;
    return type === 'duration' ? formatGoDuration(flags.duration(name)) : flags.text(name);
  };
  return [...GLOBAL_FLAGS]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => `${variableOf(flag.name)}=${shown(flag)}\n`)
    .join('');
}

/** Takes flags that were not given from ETCDCTL_…. Models pkg/flags SetPflagsFromEnv. */
function readEnvironment(flags: Flags, io: CommandIo, { variables, clock }: CommandEnvironment): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!name.startsWith(PREFIX) || OTHER_VARIABLES.includes(name)) continue;
    const flag = GLOBAL_FLAGS.find((one) => variableOf(one.name) === name);
    if (flag === undefined) {
      const fields = { 'environment-variable': `${name}=${value}` };
      const message = 'unrecognized environment variable';
      io.stderr(logLine(clock.now(), 'warn', { caller: 'flags/flag.go:94', message, ...fields }));
    } else if (flags.changed(flag.name)) {
      const message =
        'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))';
      const fields = { 'environment-variable': name };
      io.stderr(logLine(clock.now(), 'fatal', { caller: 'flags/flag.go:85', message, ...fields }));
      throw new SilentExit();
    } else if (value !== '') setFlag(flags, flag.name, value);
  }
}

const variableOf = (flag: string): string => PREFIX + flag.toUpperCase().replaceAll('-', '_');

function setFlag(flags: Flags, name: string, value: string): void {
  try {
    flags.set(
      GLOBAL_FLAGS.find((flag) => flag.name === name)!,
      value,
    );
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    throw new ExitError('error', `invalid value ${goQuote(value)} for ${variableOf(name)}: ${error.message}`);
  }
}

function invocationOf(
  flags: Flags,
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: EtcdNetwork,
): EtcdctlInvocation {
  const format = formatOf(flags.text('write-out'));
  const endpoints = flags.list('endpoints');
  const tls = tlsOf(flags, environment);
  let known: Awaited<ReturnType<typeof userOf>> | undefined;
  /** Tries each endpoint; if none answers, the time runs out. */
  const dial = async (candidates: readonly string[], logger: string): Promise<EtcdctlClient> => {
    if (candidates.length === 0)
      throw new ExitError('badConnection', 'at least one Endpoint is required in client config');
    const who = (known ??= await userOf(flags, io));
    let problem = '';
    for (const candidate of candidates) {
      const address = addressOf(candidate, tls);
      const found = await network.connect(environment.machine, address.url, { ...address.tls, ...who });
      if ('client' in found) {
        if (who.user !== undefined) await signIn(found.client, who.user);
        return found.client;
      }
      ({ problem } = found);
    }
    await environment.clock.sleep(flags.duration('command-timeout'), { context: environment.context });
    io.stderr(retryFailed(environment.clock.now(), logger, candidates[0] ?? '', problem));
    throw new ConnectionTimeout();
  };
  const client = () => dial(endpoints, 'etcd-client');
  return {
    io,
    environment,
    flags,
    args,
    format,
    style: { isHex: flags.bool('hex') },
    endpoints,
    client,
    clientOf: (one, logger = 'etcd-client') => dial([one], logger),
    async clusterEndpoints() {
      if (!flags.bool('cluster')) return endpoints;
      try {
        const { members } = await (await client()).memberList();
        return members.flatMap(({ clientUrls }) => clientUrls);
      } catch (error) {
        if (!(error instanceof EtcdError) && !(error instanceof ConnectionTimeout)) throw error;
        const what = 'failed to fetch endpoints from etcd cluster member list';
        throw new ExitError('error', `${what}: ${error.message}`);
      }
    },
    display: (output) => display(io, format, output),
  };
}

/** A client that cannot get its token is not made. Models clientv3 newClient and getToken. */
async function signIn(client: EtcdctlClient, { name, password }: EtcdDial['user'] & object): Promise<void> {
  try {
    await client.authenticate(name, password);
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    if (error.message === AUTH_NOT_ENABLED) return;
    const code = error.code === 'Unknown' ? 'rpc error: code = Unknown desc = ' : '';
    throw new ExitError('badConnection', code + error.message);
  }
}

const AUTH_NOT_ENABLED = 'etcdserver: authentication is not enabled';

/** Models client/v3/retry_interceptor.go. */
function retryFailed(now: number, logger: string, endpoint: string, problem: string): string {
  const detail = `latest balancer error: last connection error: connection error: desc = ${goQuote(problem)}`;
  return logLine(now, 'warn', {
    logger,
    caller: `v3@v${ETCD_VERSION}/retry_interceptor.go:65`,
    message: 'retrying of unary invoker failed',
    target: `etcd-endpoints://0xc000420000/${endpoint.replace(/^https?:\/\//, '')}`,
    attempt: 0,
    error: `rpc error: code = DeadlineExceeded desc = ${detail}`,
  });
}
