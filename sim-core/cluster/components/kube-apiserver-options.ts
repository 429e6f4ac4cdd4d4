import { parseGoDuration } from '../../apimachinery/duration.ts';
import type { AdmissionSelection } from '../../apiserver/admission/plugin-selection.ts';
import { selectionFault } from '../../apiserver/admission/plugin-selection.ts';
import type { AuditBackend } from '../../apiserver/endpoints/filters/audit-log.ts';
import type { KubeApiServerOptions } from '../../apiserver/server/kube-apiserver.ts';
import { DEFAULT_LIMITS } from '../../apiserver/server/kube-apiserver.ts';
import type { ClusterAuthenticationInfo } from '../../apiserver/server/post-start-hooks/cluster-authentication-info.ts';
import type { TransformerOf } from '../../apiserver/storage/value/encryption-config.ts';
import type { Rand } from '../../clock/rand.ts';
import type { ServerTls } from '../../crypto/tls/handshake.ts';
import { PEM_FILE } from '../../crypto/x509/pem.ts';
import { CertPool } from '../../crypto/x509/verify.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { CommandError } from './command.ts';
import type { Flags } from './flags.ts';
import { KUBE_APISERVER_FILES } from './kube-apiserver-flags.ts';
import { hasFile, readFile, readFileAs } from './services.ts';
import { servedTls } from './tls.ts';
import { tokenOptions } from './token-options.ts';

/** Throws a {@link CommandError} for flags that do not go together. Models ServerRunOptions.Validate. */
export function checkOptions(environment: ProgramEnvironment, flags: Flags): void {
  const range = flags.get('service-cluster-ip-range', '10.0.0.0/24');
  if (!isCidr(range)) throw new CommandError('service-cluster-ip-range[0] is not a valid cidr');
  const missing = KUBE_APISERVER_FILES.map((name) => flags.get(name)).find(
    (path) => path !== '' && !hasFile(environment, path),
  );
  if (missing !== undefined) throw new CommandError(`open ${missing}: no such file or directory`);
  const signing = flags.get('service-account-signing-key-file');
  if (signing === '' || flags.get('service-account-issuer') === '') {
    throw new CommandError(
      '--service-account-signing-key-file and --service-account-issuer are required flags',
    );
  }
  if (readFileAs(environment, signing, PEM_FILE)?.contents.key === undefined) {
    throw new CommandError(
      'failed to parse service-account-issuer-key-file: data does not contain a valid RSA or ECDSA private key',
    );
  }
  const modes = flags.list('authorization-mode');
  const unknownMode = modes.find((mode) => !AUTHORIZATION_MODES.includes(mode));
  if (unknownMode !== undefined)
    throw new CommandError(`authorization-mode ${JSON.stringify(unknownMode)} is not a valid mode`);
  const fault = selectionFault(selectionOf(flags));
  if (fault !== undefined) throw new CommandError(fault);
}

const AUTHORIZATION_MODES: readonly string[] = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC'];

function isCidr(text: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (match === null) return false;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  return [a, b, c, d].every((byte) => byte < 256) && bits <= 32;
}

/** A server asks for a client certificate and lets its authenticator judge it. */
export function servingTls(environment: ProgramEnvironment, flags: Flags): () => ServerTls | undefined {
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

/** The plugins that run, with what a file configures of them; its reader is fetched only where there is one. */
export async function admissionOf(
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<AdmissionSelection> {
  const selection = selectionOf(flags);
  if (flags.get('admission-control-config-file') === '') return selection;
  const { configuredAdmission } = await environment.clock.outside(import('./admission-options.ts'));
  return configuredAdmission(environment, flags, selection);
}

/** What the flags of auditing say; the reader of policies is fetched only where there is one. */
export async function auditOf(
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<AuditBackend | undefined> {
  if (flags.get('audit-policy-file') === '') return undefined;
  const { auditBackend } = await environment.clock.outside(import('./audit-options.ts'));
  return auditBackend(environment, flags);
}

/** What --encryption-provider-config says; the ciphers are fetched only where it is used. Rejects with a CommandError. */
export async function encryptionAtRest(
  environment: ProgramEnvironment,
  flags: Flags,
  rand: Rand,
): Promise<TransformerOf | undefined> {
  const path = flags.get('encryption-provider-config');
  if (path === '') return undefined;
  const module = import('../../apiserver/storage/value/encryption-config.ts');
  const { loadEncryptionConfig } = await environment.clock.outside(module);
  try {
    return loadEncryptionConfig(path, readFile(environment, path) ?? '', rand.fork('encryption'));
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

/** What flags that were checked say. */
export function optionsOf(
  environment: ProgramEnvironment,
  flags: Flags,
  { audit, admission }: Pick<KubeApiServerOptions, 'audit' | 'admission'>,
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
    ...(admission !== undefined && { admission }),
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
