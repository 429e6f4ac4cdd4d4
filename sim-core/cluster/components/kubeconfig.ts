import type { HttpTransport } from '../../apimachinery/http.ts';
import type { RestConfig } from '../../client-go/rest/config.ts';
import type { KeyPair } from '../../crypto/tls/key-pair.ts';
import { keyPair } from '../../crypto/tls/key-pair.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import type { UserEntry } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import type { KubeconfigFile } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import { readKubeconfigFile, YamlLibraryNeeded } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { CommandError } from './command.ts';
import type { ComponentServices } from './services.ts';
import { hasFile, readFileAs } from './services.ts';

/** How a component reaches its apiserver. */
export interface ComponentConfig extends RestConfig {
  /** The same way without a client certificate. Models rest.AnonymousClientConfig. */
  readonly anonymousTransport: HttpTransport;
}

/**
 * Who a component is and where its apiserver is, from the kubeconfig that a flag names. Rejects with a
 * {@link CommandError} or a KeyPairError for what is wrong with that.
 */
export async function restConfigFrom(
  { clients, resumeFrom }: ComponentServices,
  environment: ProgramEnvironment,
  path: string,
  userAgent: string,
): Promise<ComponentConfig> {
  if (!hasFile(environment, path)) throw new CommandError(`stat ${path}: no such file or directory`);
  let file: KubeconfigFile;
  try {
    file = await readFileOf(environment, environment.hostPath(path));
  } catch (error) {
    throw new CommandError(`error loading config file "${path}": ${(error as Error).message}`);
  }
  const cluster = file.clusters?.[0]?.cluster;
  const user = file.users?.[0]?.user;
  if (cluster?.server === undefined || user === undefined) {
    throw new CommandError('invalid configuration: no configuration has been provided');
  }
  const pair = clientPair(environment, user);
  const authority =
    cluster['certificate-authority-data'] ??
    readFileAs(environment, cluster['certificate-authority'] ?? '', PEM_FILE);
  const trust = authority === undefined ? {} : { rootCAs: authority.pool };
  return {
    host: cluster.server,
    transport: clients.transport(environment.machine, cluster.server, { ...trust, keyPair: pair }),
    anonymousTransport: clients.transport(environment.machine, cluster.server, trust),
    userAgent,
    ...(environment.resumed && { resumeFrom }),
  };
}

async function readFileOf({ clock, machine }: ProgramEnvironment, path: string): Promise<KubeconfigFile> {
  try {
    return readKubeconfigFile(machine.files, path);
  } catch (error) {
    if (!(error instanceof YamlLibraryNeeded)) throw error;
    const module = import('../../kubectl/clientcmd/kubeconfig-yaml.ts');
    return readKubeconfigFile(machine.files, path, (await clock.outside(module)).parseKubeconfig);
  }
}

function clientPair(environment: ProgramEnvironment, user: UserEntry): KeyPair {
  const file = (path: string | undefined) => readFileAs(environment, path ?? '', PEM_FILE);
  const none = Pem.ofText('');
  return keyPair(
    user['client-certificate-data'] ?? file(user['client-certificate']) ?? none,
    user['client-key-data'] ?? file(user['client-key']) ?? none,
  );
}
