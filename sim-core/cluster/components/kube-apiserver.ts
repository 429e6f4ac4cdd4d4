import { parseGoDuration } from '../../apimachinery/duration.ts';
import type { AuditBackend } from '../../apiserver/endpoints/filters/audit-log.ts';
import type { AdmissionSelection } from '../../apiserver/admission/plugin-selection.ts';
import { pluginsThatAre, selectionFault } from '../../apiserver/admission/plugin-selection.ts';
import { ApiServer } from '../../apiserver/server/apiserver.ts';
import { builtinParts } from '../../apiserver/registry/builtin.ts';
import type { KubeApiServerOptions } from '../../apiserver/server/kube-apiserver.ts';
import type { ClusterAuthenticationInfo } from '../../apiserver/server/post-start-hooks/cluster-authentication-info.ts';
import { DEFAULT_LIMITS, kubeApiServerConfig } from '../../apiserver/server/kube-apiserver.ts';
import type { TransformerOf } from '../../apiserver/storage/value/encryption-config.ts';
import type { Rand } from '../../clock/rand.ts';
import { cancelled } from '../../node/program.ts';
import { MemoryClient } from '../../etcd/clientv3/memory.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { ServerTls } from '../../crypto/tls/handshake.ts';
import { KeyPairError } from '../../crypto/tls/key-pair.ts';
import { PEM_FILE } from '../../crypto/x509/pem.ts';
import { CertPool } from '../../crypto/x509/verify.ts';
import type { AdmissionOptions } from './admission-options.ts';
import type { AuditOptions } from './audit-options.ts';
import type { EtcdConnection } from './etcd-connection.ts';
import { connectEtcd } from './etcd-connection.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { flagError } from './flag-errors.ts';
import { bindSocket, untilKilled } from './socket.ts';
import { KUBE_APISERVER_FILES, KUBE_APISERVER_FLAGS } from './kube-apiserver-flags.ts';
import { commandFailed, klogLine } from './klog.ts';
import type { ComponentServices } from './services.ts';
import { hasFile, readFile, readFileAs, traceComponent } from './services.ts';
import { steadyHealth } from './steady-health.ts';
import { servedTls } from './tls.ts';
import { tokenOptions } from './token-options.ts';

/** From the start of the process until it listens, and from SIGTERM until it is gone. */
const STARTUP_MS = 1000;
const SHUTDOWN_MS = 500;
/** How long the storage layer waits for etcd, and how often it tries. */
const ETCD_TIMEOUT_MS = 20_000;
const ETCD_RETRY_MS = 1000;
const FATAL_EXIT = 255;

/** The program `kube-apiserver`: its flags decide what it is, and whether it comes up at all. */
export function kubeApiserverProgram(services: ComponentServices): Program {
  return async (environment) => {
    const { clock, resumed, terminated, killed, stderr } = environment;
    const flags = parseFlags(environment.argv);
    const fault = faultOf(environment, flags);
    if (fault !== undefined) {
      stderr(fault);
      return 1;
    }
    const audit: AuditOptions =
      flags.get('audit-policy-file') === '' ? { backend: undefined } : await auditing(environment, flags);
    if ('fault' in audit) {
      stderr(commandFailed(environment, audit.fault));
      return 1;
    }
    const admission: AdmissionOptions =
      flags.get('admission-control-config-file') === ''
        ? selectionOf(flags)
        : await configuredAdmission(environment, flags);
    if ('fault' in admission) {
      stderr(commandFailed(environment, admission.fault));
      return 1;
    }
    const port = Number(flags.get('secure-port', '6443'));
    const socket = bindSocket(environment, flags.get('bind-address', '0.0.0.0'), port);
    if (typeof socket === 'string') {
      stderr(commandFailed(environment, socket));
      return 1;
    }
    let tls: () => ServerTls | undefined;
    try {
      tls = servingTls(environment, flags);
    } catch (error) {
      if (!(error instanceof KeyPairError)) throw error;
      stderr(commandFailed(environment, error.message));
      return 1;
    }
    const etcd = await waitForEtcd(services, environment, flags);
    if (killed.cancelled || terminated.cancelled) return 0;
    if (etcd === undefined) {
      const message = 'Error creating leases: error creating storage factory: context deadline exceeded';
      stderr(klogLine(environment, 'F', 'instance.go:232', message));
      return FATAL_EXIT;
    }
    if (!resumed) await clock.sleep(STARTUP_MS, { context: killed });
    if (killed.cancelled) return 0;

    const rand = services.rand.fork('kube-apiserver');
    let transformerOf: TransformerOf | undefined;
    try {
      transformerOf = await encryptionAtRest(environment, flags, rand);
    } catch (error) {
      stderr(commandFailed(environment, (error as Error).message));
      return 1;
    }
    const client = new MemoryClient(etcd.server);
    const server = new ApiServer(
      { clock, rand, etcd: client, tracer: services.tracer },
      kubeApiServerConfig({ clock, rand }, builtinParts, {
        ...optionsOf(environment, flags, audit.backend, admission),
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
  };
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

/** What the process says of its flags before it gives up; undefined if they are good. */
function faultOf(environment: ProgramEnvironment, flags: Flags): string | undefined {
  const problem = flagError('kube-apiserver', flags, KUBE_APISERVER_FLAGS);
  if (problem !== undefined) return problem;
  const failed = (message: string) => commandFailed(environment, message);
  const range = flags.get('service-cluster-ip-range', '10.0.0.0/24');
  if (!isCidr(range)) return failed('service-cluster-ip-range[0] is not a valid cidr');
  const missing = KUBE_APISERVER_FILES.map((name) => flags.get(name)).find(
    (path) => path !== '' && !hasFile(environment, path),
  );
  if (missing !== undefined) return failed(`open ${missing}: no such file or directory`);
  const signing = flags.get('service-account-signing-key-file');
  if (signing === '' || flags.get('service-account-issuer') === '') {
    return failed('--service-account-signing-key-file and --service-account-issuer are required flags');
  }
  if (readFileAs(environment, signing, PEM_FILE)?.contents.key === undefined) {
    return failed(
      'failed to parse service-account-issuer-key-file: data does not contain a valid RSA or ECDSA private key',
    );
  }
  const modes = flags.list('authorization-mode');
  const unknownMode = modes.find((mode) => !AUTHORIZATION_MODES.includes(mode));
  if (unknownMode !== undefined)
    return failed(`authorization-mode ${JSON.stringify(unknownMode)} is not a valid mode`);
  const admissionFault = selectionFault(selectionOf(flags));
  return admissionFault === undefined ? undefined : failed(admissionFault);
}

/** A server asks for a client certificate and lets its authenticator judge it. */
function servingTls(environment: ProgramEnvironment, flags: Flags): () => ServerTls | undefined {
  const files = {
    certificate: flags.get('tls-cert-file'),
    key: flags.get('tls-private-key-file'),
    clientCA: flags.get('client-ca-file'),
  };
  return servedTls(environment, files, 'request');
}

const selectionOf = (flags: Flags): AdmissionSelection => ({
  enabled: flags.list('enable-admission-plugins'),
  disabled: flags.list('disable-admission-plugins'),
});

/** The plugins with what a file configures of them; its reader is fetched only where there is one. */
async function configuredAdmission(environment: ProgramEnvironment, flags: Flags): Promise<AdmissionOptions> {
  const { admissionOptions } = await environment.clock.outside(import('./admission-options.ts'));
  return admissionOptions(environment, flags, selectionOf(flags));
}

const AUTHORIZATION_MODES: readonly string[] = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC'];

function isCidr(text: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (match === null) return false;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  return [a, b, c, d].every((byte) => byte < 256) && bits <= 32;
}

/** What the flags of auditing say; the reader of policies is fetched only where there is one. */
async function auditing(environment: ProgramEnvironment, flags: Flags): Promise<AuditOptions> {
  const { auditOptions } = await environment.clock.outside(import('./audit-options.ts'));
  return auditOptions(environment, flags);
}

/** What --encryption-provider-config says; the ciphers are fetched only where it is used. */
async function encryptionAtRest(
  environment: ProgramEnvironment,
  flags: Flags,
  rand: Rand,
): Promise<TransformerOf | undefined> {
  const path = flags.get('encryption-provider-config');
  if (path === '') return undefined;
  const module = import('../../apiserver/storage/value/encryption-config.ts');
  const { loadEncryptionConfig } = await environment.clock.outside(module);
  return loadEncryptionConfig(path, readFile(environment, path) ?? '', rand.fork('encryption'));
}

async function waitForEtcd(
  services: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<Extract<EtcdConnection, { server: unknown }> | undefined> {
  const { clock, killed, terminated, stderr } = environment;
  const end = clock.now() + ETCD_TIMEOUT_MS;
  for (;;) {
    const connection = await connectEtcd(services, environment, flags);
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
    if (clock.now() >= end || killed.cancelled || terminated.cancelled) return undefined;
    await clock.sleep(ETCD_RETRY_MS, { context: killed });
  }
}

function optionsOf(
  environment: ProgramEnvironment,
  flags: Flags,
  audit: AuditBackend | undefined,
  admission: AdmissionSelection,
): KubeApiServerOptions {
  const clientCA = readFileAs(environment, flags.get('client-ca-file'), PEM_FILE);
  const [first, last] = flags.get('service-node-port-range', '30000-32767').split('-').map(Number);
  const modes = flags.list('authorization-mode') as KubeApiServerOptions['authorizationModes'][number][];
  return {
    settings: {
      serviceClusterIPRange: flags.get('service-cluster-ip-range', '10.0.0.0/24'),
      serviceNodePortRange: [first ?? 30000, last ?? 32767],
      advertiseAddress: flags.get('advertise-address', environment.machine.address),
      securePort: Number(flags.get('secure-port', '6443')),
      allowPrivileged: flags.bool('allow-privileged', false),
      serviceAccountIssuer: flags.get('service-account-issuer'),
    },
    clientCA: clientCA?.pool ?? new CertPool([]),
    clusterAuthentication: clusterAuthentication(environment, flags),
    authorizationModes: modes.length === 0 ? ['AlwaysAllow'] : modes,
    anonymousAuth: flags.bool('anonymous-auth', true),
    ...tokenOptions(environment, flags),
    admission,
    limits: {
      readOnly: Number(flags.get('max-requests-inflight', String(DEFAULT_LIMITS.readOnly))),
      mutating: Number(flags.get('max-mutating-requests-inflight', String(DEFAULT_LIMITS.mutating))),
      requestTimeout: parseGoDuration(flags.get('request-timeout', '1m0s')),
    },
    priorityAndFairness: flags.bool('enable-priority-and-fairness', true),
    ...(audit !== undefined && { audit }),
    kubeletTransport: (host, port) => (request) => environment.machine.network.request(host, port, request),
    dial: (host, port) => (request) => environment.machine.network.request(host, port, request),
  };
}

/** What --client-ca-file and the flags --requestheader-… say. */
function clusterAuthentication(environment: ProgramEnvironment, flags: Flags): ClusterAuthenticationInfo {
  const clientCA = readFile(environment, flags.get('client-ca-file'));
  const proxyCA = readFile(environment, flags.get('requestheader-client-ca-file'));
  return {
    ...(clientCA !== undefined && { clientCA }),
    ...(proxyCA !== undefined && {
      requestHeader: {
        clientCA: proxyCA,
        allowedNames: flags.list('requestheader-allowed-names'),
        usernameHeaders: flags.list('requestheader-username-headers'),
        groupHeaders: flags.list('requestheader-group-headers'),
        extraHeaderPrefixes: flags.list('requestheader-extra-headers-prefix'),
      },
    }),
  };
}
