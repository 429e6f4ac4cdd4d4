import { DurationError, parseGoDuration } from '../../apimachinery/duration.ts';
import { keyPair } from '../../crypto/tls/key-pair.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import type { FlagSet } from '../cobra/flags.ts';
import { ConfigurationError } from '../util/errors.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './kubeconfig-file.ts';
import type { TlsClientConfig } from './network.ts';

/** What a kubeconfig and the flags over it come down to. */
export interface ClientConfig {
  /** "https://172.30.1.2:6443", without a slash at the end. */
  readonly server: string;
  readonly tls: TlsClientConfig;
  readonly bearerToken?: string;
  /** How long a request may take, in milliseconds; 0: as long as it does. */
  readonly timeout: number;
}

/** "localhost:8080" is where kubectl looks when nothing tells it otherwise. */
const DEFAULT_SERVER = 'http://localhost:8080';

/** The context in force, by flag or by current-context; throws if it does not exist. */
function currentContext(config: Kubeconfig, flags: FlagSet): ContextEntry {
  const name = flags.string('context') || config.currentContext;
  const context = config.contexts.get(name);
  if (context === undefined && name !== '') {
    throw new ConfigurationError(`context was not found for specified context: ${name}`);
  }
  return context ?? {};
}

/** The namespace in force: the flag's, the context's or "default". */
export function currentNamespace(
  config: Kubeconfig,
  flags: FlagSet,
): { readonly namespace: string; readonly explicit: boolean } {
  const flag = flags.string('namespace');
  if (flag !== '') return { namespace: flag, explicit: true };
  return { namespace: currentContext(config, flags).namespace || 'default', explicit: false };
}

/** Models k8s.io/client-go/tools/clientcmd DirectClientConfig.ClientConfig. */
export function clientConfig(config: Kubeconfig, flags: FlagSet, files: FileSystem): ClientConfig {
  const context = currentContext(config, flags);
  const cluster = clusterEntry(config, context, flags);
  const user = userEntry(config, context, flags);
  const userName = flags.string('user') || context.user || '';
  const clusterName = flags.string('cluster') || context.cluster || '';
  const errors: string[] = [];
  const certificate = pem(files, credential(user, 'client-certificate', flags), 'client-cert', userName);
  const key = pem(files, credential(user, 'client-key', flags), 'client-key', userName);
  if (certificate !== undefined) errors.push(...errorsOf(certificate));
  if (certificate !== undefined && key !== undefined) errors.push(...errorsOf(key));
  errors.push(...authenticationErrors(user, userName, flags));
  const authority = pem(files, authorityOf(cluster, flags), 'certificate-authority', clusterName);
  if (authority !== undefined) errors.push(...errorsOf(authority));
  const problem = authority instanceof Pem ? authorityProblem(authority) : undefined;
  if (errors.length === 1) throw new Error(errors[0]);
  if (errors.length > 1) throw new ConfigurationError(`\n${errors.map((error) => `* ${error}`).join('\n')}`);
  if (problem !== undefined) throw new Error(`unable to load root certificates: ${problem}`);
  const timeout = parseTimeout(flags.string('request-timeout'));
  const server = (flags.string('server') || cluster.server || DEFAULT_SERVER).replace(/\/+$/, '');
  const skip = flags.changed('insecure-skip-tls-verify')
    ? flags.bool('insecure-skip-tls-verify')
    : (cluster['insecure-skip-tls-verify'] ?? false);
  const serverName = flags.string('tls-server-name') || cluster['tls-server-name'];
  const token = flags.string('token') || user.token || tokenOf(files, user);
  const tls: TlsClientConfig = {
    ...(authority instanceof Pem && { rootCAs: authority.pool }),
    ...(skip && { insecureSkipVerify: true }),
    ...(serverName && { serverName }),
    ...(certificate instanceof Pem && {
      keyPair: keyPair(certificate, key instanceof Pem ? key : Pem.ofText('')),
    }),
  };
  return {
    server: server.includes('://') ? server : `http://${server}`,
    tls,
    timeout,
    ...(token && { bearerToken: token }),
  };
}

/** PEM, the path of a file that holds it, or neither. */
type PemSource = { readonly data?: Pem | undefined; readonly path?: string | undefined };

/** What a flag says counts instead of what the kubeconfig has, data included. */
function credential(user: UserEntry, name: 'client-certificate' | 'client-key', flags: FlagSet): PemSource {
  const path = flags.string(name);
  return path === '' ? { data: user[`${name}-data`], path: user[name] } : { path };
}

function authorityOf(cluster: ClusterEntry, flags: FlagSet): PemSource {
  const path = flags.string('certificate-authority');
  if (path !== '' || flags.bool('insecure-skip-tls-verify')) return { path };
  return { data: cluster['certificate-authority-data'], path: cluster['certificate-authority'] };
}

/** Models clientcmd validateAuthInfo, for what has no file. */
function authenticationErrors(user: UserEntry, name: string, flags: FlagSet): string[] {
  const errors: string[] = [];
  const methods = [
    ...(flags.string('token') || user.token ? ['token'] : []),
    ...(flags.string('username') || user.username || flags.string('password') || user.password
      ? ['basicAuth']
      : []),
  ];
  if (methods.length > 1) {
    errors.push(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    );
  }
  const wantsMore =
    flags.string('as-uid') !== '' || ['as-group', 'as-user-extra'].some((flag) => flags.changed(flag));
  if (wantsMore && flags.string('as') === '')
    errors.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  return errors;
}

/** In milliseconds. Models clientcmd ParseTimeout. */
function parseTimeout(value: string): number {
  if (value === '' || /^[+-]?\d+$/.test(value)) return Number(value) * 1000;
  try {
    return parseGoDuration(value);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    throw new Error(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
}

function clusterEntry(config: Kubeconfig, context: ContextEntry, flags: FlagSet): ClusterEntry {
  const name = flags.string('cluster') || context.cluster || '';
  const cluster = config.clusters.get(name);
  if (cluster === undefined && flags.string('cluster') !== '') {
    throw new Error(`no server found for cluster ${JSON.stringify(name)}`);
  }
  return cluster ?? {};
}

function userEntry(config: Kubeconfig, context: ContextEntry, flags: FlagSet): UserEntry {
  const name = flags.string('user') || context.user || '';
  const user = config.users.get(name);
  if (user === undefined && flags.string('user') !== '') {
    throw new Error(`auth info ${JSON.stringify(name)} does not exist`);
  }
  return user ?? {};
}

/** Why nobody can be trusted for these certificates, if so. Models client-go transport createErrorParsingCAData. */
function authorityProblem(authority: Pem): string | undefined {
  if (!authority.pool.isEmpty) return undefined;
  const isBlock = authority.text.includes('-----BEGIN ') && authority.text.includes('-----END ');
  if (!isBlock) return 'unable to parse bytes as PEM block';
  return 'no valid certificate authority data seen';
}

function errorsOf(loaded: Pem | Error): string[] {
  return loaded instanceof Error ? [loaded.message] : [];
}

/** What a source holds; an Error for a file that cannot be read, undefined for no source. */
function pem(
  files: FileSystem,
  { data, path }: PemSource,
  what: string,
  owner: string,
): Pem | Error | undefined {
  if (data !== undefined) return data;
  if (path === undefined || path === '') return undefined;
  try {
    return files.readAs(path, PEM_FILE);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const reason = error.message.charAt(0).toLowerCase() + error.message.slice(1);
    return new Error(`unable to read ${what} ${path} for ${owner} due to open ${path}: ${reason}`);
  }
}

function tokenOf(files: FileSystem, user: UserEntry): string | undefined {
  if (user.tokenFile === undefined) return undefined;
  try {
    return files.read(user.tokenFile).trim();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(
      `failed to read token file "${user.tokenFile}": open ${user.tokenFile}: ${error.message.toLowerCase()}`,
    );
  }
}
