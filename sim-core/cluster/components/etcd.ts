import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { ServerTls } from '../../crypto/tls/handshake.ts';
import { KeyPairError } from '../../crypto/tls/key-pair.ts';
import type { Machine } from '../../node/machine.ts';
import type { Listener } from '../../node/network.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { cancelled } from '../../node/program.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { openDataDirectory } from '../../etcdutl/data-directory.ts';
import type { ComponentServices, EtcdMember } from './services.ts';
import { hasFile, traceComponent } from './services.ts';
import { servedTls } from './tls.ts';

const SHUTDOWN_MS = 100;
const DEFAULT_CLIENT_URL = 'http://localhost:2379';

/** The program `etcd`. Its data outlives it, under the directory of --data-dir. */
export function etcdProgram(services: ComponentServices): Program {
  return async (environment) => {
    const { clock, terminated, killed } = environment;
    const flags = parseFlags(environment.argv);
    const missing = CERTIFICATE_FLAGS.map((name) => flags.get(name)).find(
      (path) => path !== '' && !hasFile(environment, path),
    );
    if (missing !== undefined) {
      environment.stderr(logLine(clock.now(), 'fatal', `open ${missing}: no such file or directory`));
      return 1;
    }
    const tls = clientTls(environment, flags);
    if (typeof tls === 'string') {
      environment.stderr(logLine(clock.now(), 'fatal', tls));
      return 1;
    }
    const member = memberOf(services, environment.machine, flags);
    const damage = openData(member, environment, flags);
    if (damage !== undefined) {
      environment.stderr(logLine(clock.now(), 'panic', damage));
      return 2;
    }
    const { server } = member;
    const stops: (() => void)[] = [];
    killed.onCancel(() => {
      for (const stop of stops) stop();
      server.stop();
    });
    for (const url of [
      ...urls(flags.get('listen-client-urls', DEFAULT_CLIENT_URL)),
      ...urls(flags.get('listen-metrics-urls')),
    ]) {
      const listener: Listener = {
        handler: async ({ path }) => health(server, path),
        // They fail only when the process is gone. (/health knows alarms too.)
        onceChanged: (path) => (path === '/livez' || path === '/readyz' ? () => {} : undefined),
        get tls() {
          return url.scheme === 'https' ? tls() : undefined;
        },
      };
      services.etcdServers.set(listener, server);
      stops.push(environment.machine.network.listen(url.host, url.port, listener, environment.hostPid));
    }
    // Nobody but other members has business here, and the lab has none.
    for (const url of urls(flags.get('listen-peer-urls'))) {
      const peer: Listener = {
        handler: async () => ({ status: 404, headers: {}, body: '404 page not found\n' }),
        get tls() {
          return url.scheme === 'https' ? tls() : undefined;
        },
      };
      stops.push(environment.machine.network.listen(url.host, url.port, peer, environment.hostPid));
    }
    server.start();
    if (!environment.resumed) environment.stderr(servingLines(clock.now(), flags));
    traceComponent(services, 'etcd', environment);
    await cancelled(terminated);
    await clock.sleep(SHUTDOWN_MS, { context: killed });
    return 0;
  };
}

const CERTIFICATE_FLAGS = ['cert-file', 'key-file', 'trusted-ca-file', 'peer-cert-file', 'peer-key-file'];

/**
 * The member of a machine that clients reach at the addresses of the flags: the same one again after a
 * restart, since its clients hold on to it.
 */
function memberOf(
  { clock, rand, etcdMembers }: ComponentServices,
  machine: Machine,
  flags: Flags,
): EtcdMember {
  const listenClientUrls = flags.get('listen-client-urls', DEFAULT_CLIENT_URL).split(',');
  const key = `${machine.hostname} ${listenClientUrls[0]}`;
  let member = etcdMembers.get(key);
  if (member === undefined) {
    const interval = /^(\d+)s$/.exec(flags.get('watch-progress-notify-interval'))?.[1];
    const server = new EtcdServer(
      { clock, rand: rand.fork(`etcd ${key}`) },
      {
        name: flags.get('name', 'default'),
        listenClientUrls,
        advertiseClientUrls: flags.get('advertise-client-urls', DEFAULT_CLIENT_URL).split(','),
        initialAdvertisePeerUrls: [flags.get('initial-advertise-peer-urls', 'http://localhost:2380')],
        ...(interval !== undefined && { watchProgressNotifyInterval: Number(interval) * 1000 }),
      },
    );
    member = { server, database: undefined };
    etcdMembers.set(key, member);
  }
  return member;
}

/** Lets the member work on --data-dir; what is wrong with the files, or undefined. */
function openData(
  member: EtcdMember,
  { machine, hostPath, resumed }: ProgramEnvironment,
  flags: Flags,
): string | undefined {
  const directory = hostPath(flags.get('data-dir', 'default.etcd'));
  try {
    member.database = openDataDirectory(machine.files, directory, member.server, {
      current: member.database,
      resumed: resumed && member.database === undefined,
    });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What /health, /livez and /readyz say. */
function health(server: EtcdServer, path: string) {
  const ok = server.running;
  const body = path.startsWith('/health') ? `{"health":"${ok}","reason":""}` : ok ? 'ok\n' : 'not ok\n';
  return { status: ok ? 200 : 503, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** How clients are served; a text is what is wrong with the files. Models client/pkg/transport TLSInfo.ServerConfig. */
function clientTls(environment: ProgramEnvironment, flags: Flags): (() => ServerTls | undefined) | string {
  const clientCA = flags.get('trusted-ca-file');
  const wanted = clientCA !== '' || flags.bool('client-cert-auth', false);
  const files = { certificate: flags.get('cert-file'), key: flags.get('key-file'), clientCA };
  try {
    return servedTls(environment, files, wanted ? 'require-and-verify' : 'none');
  } catch (error) {
    if (error instanceof KeyPairError) return error.message;
    throw error;
  }
}

/** "https://127.0.0.1:2379,https://172.30.1.2:2379" in parts. */
function urls(list: string): { scheme: string; host: string; port: number }[] {
  return list
    .split(',')
    .map((url) => /^(https?):\/\/([^:/]+):(\d+)$/.exec(url))
    .flatMap((match) =>
      match === null ? [] : [{ scheme: match[1]!, host: match[2]!, port: Number(match[3]) }],
    );
}

/** What an etcd says last when it starts, and then for a long time nothing. Models server/embed/serve.go. */
function servingLines(now: number, flags: Flags): string {
  const ts = new Date(now).toISOString().replace('Z', '000Z');
  return urls(flags.get('listen-client-urls', DEFAULT_CLIENT_URL))
    .map(({ scheme, host, port }) => {
      const msg = `serving client traffic ${scheme === 'https' ? 'securely' : 'insecurely'}`;
      const fields = { level: 'info', ts, caller: 'embed/serve.go:283', msg, traffic: 'grpc+http' };
      return `${JSON.stringify({ ...fields, address: `${host}:${port}` })}\n`;
    })
    .join('');
}

function logLine(now: number, level: string, message: string): string {
  const ts = new Date(now).toISOString().replace('Z', '000Z');
  return `${JSON.stringify({ level, ts, caller: 'etcdmain/etcd.go:190', msg: 'discovery failed', error: message })}\n`;
}
