import { parseGoDuration } from '../../apimachinery/duration.ts';
import type { AdmissionSelection } from '../../apiserver/admission/plugin-selection.ts';
import { pluginsThatAre } from '../../apiserver/admission/plugin-selection.ts';
import { builtinParts } from '../../apiserver/registry/builtin.ts';
import { ApiServer } from '../../apiserver/server/apiserver.ts';
import { kubeApiServerConfig } from '../../apiserver/server/kube-apiserver.ts';
import { KeyPairError } from '../../crypto/tls/key-pair.ts';
import { MemoryClient } from '../../etcd/clientv3/memory.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { cancelled } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { checkFlags } from './check-flags.ts';
import { command, FatalError } from './command.ts';
import type { EtcdConnection } from './etcd-connection.ts';
import { connectEtcd } from './etcd-connection.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { klogLine } from './klog.ts';
import { KUBE_APISERVER_FLAGS } from './kube-apiserver-flags.ts';
import {
  admissionOf,
  auditOf,
  checkOptions,
  encryptionAtRest,
  optionsOf,
  servingTls,
} from './kube-apiserver-options.ts';
import type { ComponentServices } from './services.ts';
import { traceComponent } from './services.ts';
import { bindSocket, untilKilled } from './socket.ts';
import { steadyHealth } from './steady-health.ts';

/** From the start of the process until it listens, and from SIGTERM until it is gone. */
const STARTUP_MS = 1000;
const SHUTDOWN_MS = 500;
/** How long the storage layer waits for etcd, and how often it tries. */
const ETCD_TIMEOUT_MS = 20_000;
const ETCD_RETRY_MS = 1000;

/** The program `kube-apiserver`: its flags decide what it is, and whether it comes up at all. */
export function kubeApiserverProgram(services: ComponentServices): Program {
  return command(async (environment) => {
    const { clock, resumed, terminated, killed, stderr } = environment;
    const flags = parseFlags(environment.argv);
    checkFlags('kube-apiserver', flags, KUBE_APISERVER_FLAGS);
    checkOptions(environment, flags);
    const audit = await auditOf(environment, flags);
    const admission = await admissionOf(environment, flags);
    const port = Number(flags.get('secure-port', '6443'));
    const socket = bindSocket(environment, flags.get('bind-address', '0.0.0.0'), port);
    const tls = servingTls(environment, flags);
    const etcd = await waitForEtcd(services, environment, flags);
    if (etcd === undefined || killed.cancelled || terminated.cancelled) return 0;
    if (!resumed) await clock.sleep(STARTUP_MS, { context: killed });
    if (killed.cancelled) return 0;

    const rand = services.rand.fork('kube-apiserver');
    const transformerOf = await encryptionAtRest(environment, flags, rand);
    const client = new MemoryClient(etcd.server);
    const server = new ApiServer(
      { clock, rand, etcd: client, tracer: services.tracer },
      kubeApiServerConfig({ clock, rand }, builtinParts, {
        ...optionsOf(environment, flags, { admission, ...(audit !== undefined && { audit }) }),
        compactionInterval: parseGoDuration(
          flags.get('etcd-compaction-interval', `${services.compactionInterval}ms`),
        ),
        ...(transformerOf !== undefined && { transformerOf }),
      }),
    );
    socket.serve({
      handler: untilKilled(server.handle, environment),
      // An audit log would miss the probes.
      ...(flags.get('audit-log-path') === '' && { onceChanged: steadyHealth(environment, client, etcd) }),
      get tls() {
        return tls();
      },
    });
    killed.onCancel(() => server.stop());
    traceComponent(services, 'kube-apiserver', environment);
    if (!resumed) stderr(startupLog(environment, port, admission));
    void server.start({ resumed });
    await cancelled(terminated);
    await clock.sleep(SHUTDOWN_MS, { context: killed });
    return 0;
  });
}

/** What the log begins with when all is well. */
function startupLog(environment: ProgramEnvironment, port: number, admission: AdmissionSelection): string {
  const loaded = (kind: 'mutating' | 'validating') => {
    const plugins = pluginsThatAre(admission, kind);
    return `Loaded ${plugins.length} ${kind} admission controller(s) successfully in the following order: ${plugins.join(',')}.`;
  };
  return [
    klogLine(environment, 'I', 'server.go:150', `Version: ${KUBERNETES_VERSION}`),
    klogLine(environment, 'I', 'plugins.go:157', loaded('mutating')),
    klogLine(environment, 'I', 'plugins.go:160', loaded('validating')),
    klogLine(environment, 'I', 'secure_serving.go:211', `Serving securely on [::]:${port}`),
  ].join('');
}

/**
 * The etcd that --etcd-servers lead to, tried for a while; undefined if the process is told to end meanwhile. Rejects with
 * a {@link FatalError}. Models pkg/controlplane/instance.go CreateLeases.
 */
async function waitForEtcd(
  services: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<Extract<EtcdConnection, { server: unknown }> | undefined> {
  const { clock, killed, terminated, stderr } = environment;
  const failed = (why: string) =>
    new FatalError('instance.go:232', `Error creating leases: error creating storage factory: ${why}`);
  const end = clock.now() + ETCD_TIMEOUT_MS;
  while (!killed.cancelled && !terminated.cancelled) {
    const connection = await connectEtcd(services, environment, flags).catch((error: unknown) => {
      throw error instanceof KeyPairError ? failed(error.message) : error;
    });
    if ('server' in connection) return connection;
    const { address, problem } = connection;
    stderr(
      klogLine(
        environment,
        'W',
        'logging.go:55',
        `[core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to {Addr: "${address}", ServerName: "${address}", }. Err: connection error: desc = ${JSON.stringify(problem)}`,
      ),
    );
    if (clock.now() >= end) throw failed('context deadline exceeded');
    await clock.sleep(ETCD_RETRY_MS, { context: killed });
  }
  return undefined;
}
