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
  const server = (flags.string('server') || cluster.server || DEFAULT_SERVER).replace(/\/+$/, '');
  const authority = pem(
    files,
    cluster['certificate-authority-data'],
    flags.string('certificate-authority') || cluster['certificate-authority'],
    'certificate-authority',
    context.cluster ?? '',
  );
  const skip = flags.changed('insecure-skip-tls-verify')
    ? flags.bool('insecure-skip-tls-verify')
    : (cluster['insecure-skip-tls-verify'] ?? false);
  const serverName = flags.string('tls-server-name') || cluster['tls-server-name'];
  const token = flags.string('token') || user.token || tokenOf(files, user);
  const certificate = pem(
    files,
    user['client-certificate-data'],
    flags.string('client-certificate') || user['client-certificate'],
    'client-cert',
    context.user ?? '',
  );
  const key = pem(
    files,
    user['client-key-data'],
    flags.string('client-key') || user['client-key'],
    'client-key',
    context.user ?? '',
  );
  const tls: TlsClientConfig = {
    ...(authority !== undefined && { rootCAs: authority.pool }),
    ...(skip && { insecureSkipVerify: true }),
    ...(serverName && { serverName }),
    ...(certificate !== undefined && { keyPair: keyPair(certificate, key ?? Pem.ofText('')) }),
  };
  return {
    server: server.includes('://') ? server : `http://${server}`,
    tls,
    ...(token && { bearerToken: token }),
  };
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

function pem(
  files: FileSystem,
  data: Pem | undefined,
  path: string | undefined,
  what: string,
  owner: string,
): Pem | undefined {
  if (data !== undefined) return data;
  if (path === undefined || path === '') return undefined;
  try {
    return files.readAs(path, PEM_FILE);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const reason = error.message.charAt(0).toLowerCase() + error.message.slice(1);
    throw new Error(
      `invalid configuration: unable to read ${what} ${path} for ${owner} due to open ${path}: ${reason}`,
    );
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
