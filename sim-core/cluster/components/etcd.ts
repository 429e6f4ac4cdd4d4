import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { Listener, ServerCertificate } from '../../node/network.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { cancelled } from '../../cri/containerd/programs.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import type { ComponentServices } from './services.ts';
import { readFile, traceComponent } from './services.ts';

const SHUTDOWN_MS = 100;
const DEFAULT_CLIENT_URL = 'http://localhost:2379';

/** The program `etcd`. Its data outlives it, under the directory of --data-dir. */
export function etcdProgram(services: ComponentServices): Program {
  return async (environment) => {
    const { clock, terminated, killed } = environment;
    const flags = parseFlags(environment.argv);
    const missing = CERTIFICATE_FLAGS.map((name) => flags.get(name)).find(
      (path) => path !== '' && readFile(environment, path) === undefined,
    );
    if (missing !== undefined) {
      environment.stderr(logLine(clock.now(), 'fatal', `open ${missing}: no such file or directory`));
      return 1;
    }
    const server = dataDirectory(services, environment, flags);
    const certificate = certificateOf(services, environment, flags.get('cert-file'));
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
        ...(url.scheme === 'https' && certificate !== undefined && { certificate }),
      };
      services.etcdServers.set(listener, server);
      stops.push(environment.machine.network.listen(url.host, url.port, listener));
    }
    server.start();
    traceComponent(services, 'etcd', environment);
    await cancelled(terminated);
    await clock.sleep(SHUTDOWN_MS, { context: killed });
    return 0;
  };
}

const CERTIFICATE_FLAGS = ['cert-file', 'key-file', 'trusted-ca-file', 'peer-cert-file', 'peer-key-file'];

function dataDirectory(
  { clock, rand, dataDirectories }: ComponentServices,
  { machine, hostPath }: ProgramEnvironment,
  flags: Flags,
): EtcdServer {
  const directory = flags.get('data-dir', 'default.etcd');
  const key = `${machine.hostname}:${hostPath(directory) ?? directory}`;
  const known = dataDirectories.get(key);
  if (known !== undefined) return known;
  const interval = /^(\d+)s$/.exec(flags.get('watch-progress-notify-interval'))?.[1];
  const server = new EtcdServer(
    { clock, rand: rand.fork(`etcd ${key}`) },
    {
      name: flags.get('name', 'default'),
      listenClientUrls: flags.get('listen-client-urls', DEFAULT_CLIENT_URL).split(','),
      initialAdvertisePeerUrls: [flags.get('initial-advertise-peer-urls', 'http://localhost:2380')],
      ...(interval !== undefined && { watchProgressNotifyInterval: Number(interval) * 1000 }),
    },
  );
  dataDirectories.set(key, server);
  return server;
}

/** What /health, /livez and /readyz say. */
function health(server: EtcdServer, path: string) {
  const ok = server.running;
  const body = path.startsWith('/health') ? `{"health":"${ok}","reason":""}` : ok ? 'ok\n' : 'not ok\n';
  return { status: ok ? 200 : 503, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** The server certificate of a program, from the file that a flag names. */
export function certificateOf(
  { pki }: ComponentServices,
  environment: ProgramEnvironment,
  path: string,
): ServerCertificate | undefined {
  const text = path === '' ? undefined : readFile(environment, path);
  return text === undefined ? undefined : pki.find(text);
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

function logLine(now: number, level: string, message: string): string {
  const ts = new Date(now).toISOString().replace('Z', '000Z');
  return `${JSON.stringify({ level, ts, caller: 'etcdmain/etcd.go:190', msg: 'discovery failed', error: message })}\n`;
}
