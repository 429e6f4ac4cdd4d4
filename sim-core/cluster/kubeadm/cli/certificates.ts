import type { Rand } from '../../../clock/rand.ts';
import type { KeyPair } from '../../../crypto/tls/key-pair.ts';
import { keyPair, KeyPairError } from '../../../crypto/tls/key-pair.ts';
import type { Certificate } from '../../../crypto/x509/certificate.ts';
import type { Pem } from '../../../crypto/x509/pem.ts';
import { PEM_FILE } from '../../../crypto/x509/pem.ts';
import type { KubeconfigFile, ParseYaml } from '../../../kubectl/clientcmd/kubeconfig-file.ts';
import { readKubeconfigFile } from '../../../kubectl/clientcmd/kubeconfig-file.ts';
import type { FileSystem } from '../../../node/file-system.ts';
import type { IssuedCertificate } from '../../pki.ts';
import { issueCertificate } from '../../pki.ts';
import {
  CERTIFICATES,
  CLUSTER_CA,
  ETCD_CA,
  FRONT_PROXY_CA,
  KUBECONFIGS,
  writeKubeconfig,
  writePair,
} from '../files.ts';
import type { ClusterConfiguration } from './cluster-configuration.ts';
import { fail } from './command.ts';

const KUBERNETES_DIRECTORY = '/etc/kubernetes';

/** An authority of the cluster: what kubeadm calls it, and its files below the directory of certificates. */
export interface Authority {
  readonly name: string;
  readonly path: string;
}

const AUTHORITY_OF: Readonly<Record<string, Authority>> = {
  [CLUSTER_CA]: { name: 'ca', path: 'ca' },
  [ETCD_CA]: { name: 'etcd-ca', path: 'etcd/ca' },
  [FRONT_PROXY_CA]: { name: 'front-proxy-ca', path: 'front-proxy-ca' },
};

/** What kubeadm calls a certificate that it renews. */
export interface CertificateNames {
  readonly name: string;
  readonly longName: string;
}

const nameOf = (path: string): string => path.replace('/', '-');

export const MANAGED_CERTIFICATES: readonly CertificateNames[] = [
  ...CERTIFICATES.map(({ path, longName }) => ({ name: nameOf(path), longName })),
  ...KUBECONFIGS.map(({ file, longName }) => ({ name: file, longName })),
];

/** One of them, in a file of its own or in a kubeconfig. */
export interface ManagedCertificate extends CertificateNames {
  readonly authority: Authority;
  exists(): boolean;
  /** Ends kubeadm if there is none that can be read. */
  read(): Certificate;
  write(issued: IssuedCertificate): void;
}

/**
 * The certificates of a control plane and how they are renewed.
 *
 * Models cmd/kubeadm/app/phases/certs/renewal Manager.
 */
export class CertificateManager {
  readonly #files: FileSystem;
  readonly #configuration: ClusterConfiguration;
  readonly #parseYaml: ParseYaml;

  constructor(files: FileSystem, configuration: ClusterConfiguration, parseYaml: ParseYaml) {
    this.#files = files;
    this.#configuration = configuration;
    this.#parseYaml = parseYaml;
  }

  /** By name. */
  get certificates(): readonly ManagedCertificate[] {
    return [
      ...CERTIFICATES.map(({ path, longName, issuer }) => this.#inFile(path, longName, issuer)),
      ...KUBECONFIGS.map(({ file, longName }) => this.#inKubeconfig(file, longName)),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By name. */
  get authorities(): readonly Authority[] {
    return Object.values(AUTHORITY_OF).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The certificate of an authority; undefined if its file is not there. */
  authorityCertificate({ path }: Authority): Certificate | undefined {
    const file = this.#path(`${path}.crt`);
    return this.#files.exists(file) ? certificateIn(this.#files.readAs(file, PEM_FILE), file) : undefined;
  }

  /** Its key is kept elsewhere: nothing can be signed here. */
  isExternal({ path }: Authority): boolean {
    return this.#files.exists(this.#path(`${path}.crt`)) && !this.#files.exists(this.#path(`${path}.key`));
  }

  /**
   * Signs a certificate again, for whom and what the present one is for. Ends kubeadm if that or its authority cannot
   * be read.
   */
  renew({ authority, read, write }: ManagedCertificate, rand: Rand, now: number): void {
    const { subject, extendedKeyUsages, names } = read();
    const { commonName, organizations } = subject;
    write(
      issueCertificate(rand, this.#authority(authority), {
        subject: { commonName, organizations },
        usages: extendedKeyUsages,
        sans: [...names.dnsNames, ...names.ipAddresses],
        now,
        validity: this.#configuration.certificateValidityPeriod,
      }),
    );
  }

  /** Models certs.LoadCertificateAuthority. */
  #authority({ name, path }: Authority): KeyPair {
    const [certificate, key] = [this.#path(`${path}.crt`), this.#path(`${path}.key`)];
    if (!this.#files.exists(certificate) || !this.#files.exists(key))
      throw fail(`couldn't load ${name} certificate authority from ${this.#configuration.certificatesDir}`);
    try {
      return keyPair(this.#files.readAs(certificate, PEM_FILE), this.#files.readAs(key, PEM_FILE));
    } catch (error) {
      if (!(error instanceof KeyPairError)) throw error;
      throw fail(`failure loading ${name} certificate authority: ${error.message}`);
    }
  }

  #path(name: string): string {
    return `${this.#configuration.certificatesDir}/${name}`;
  }

  #inFile(path: string, longName: string, issuer: string): ManagedCertificate {
    const files = this.#files;
    const [certificate, key] = [this.#path(`${path}.crt`), this.#path(`${path}.key`)];
    return {
      ...{ name: nameOf(path), longName, authority: AUTHORITY_OF[issuer]! },
      exists: () => files.exists(certificate) && files.exists(key),
      read: () => certificateIn(files.readAs(certificate, PEM_FILE), certificate),
      write: (issued) => writePair(files, this.#path(path), issued),
    };
  }

  #inKubeconfig(name: string, longName: string): ManagedCertificate {
    const files = this.#files;
    const path = `${KUBERNETES_DIRECTORY}/${name}`;
    const load = () => kubeconfigAt(files, path, this.#parseYaml);
    return {
      ...{ name, longName, authority: AUTHORITY_OF[CLUSTER_CA]! },
      exists: () => files.exists(path),
      read: () => {
        const data = embedded(load())?.['client-certificate-data'];
        if (data === undefined)
          throw fail(`invalid kubeconfig file ${path}: invalid authInfo: client certificate data is missing`);
        return certificateIn(data, path);
      },
      write: ({ certificateFile, keyFile }) => {
        const file = load();
        const own = embedded(file);
        const users = (file.users ?? []).map((entry) =>
          entry.user === own
            ? {
                ...entry,
                user: { ...own, 'client-certificate-data': certificateFile, 'client-key-data': keyFile },
              }
            : entry,
        );
        writeKubeconfig(files, path, { ...file, users });
      },
    };
  }
}

/** The user of the context in force. */
function embedded(file: KubeconfigFile) {
  const { context } = file.contexts?.find(({ name }) => name === file['current-context']) ?? {};
  return file.users?.find(({ name }) => name === context?.user)?.user;
}

function kubeconfigAt(files: FileSystem, path: string, parseYaml: ParseYaml): KubeconfigFile {
  try {
    return readKubeconfigFile(files, path, parseYaml);
  } catch (error) {
    throw fail(`failed to load kubeconfig file ${path}: ${(error as Error).message.split('\n')[0]}`);
  }
}

function certificateIn(pem: Pem, path: string): Certificate {
  try {
    const [certificate] = pem.contents.certificates;
    if (certificate !== undefined) return certificate;
  } catch (error) {
    throw fail(`couldn't load the certificate file ${path}: ${(error as Error).message}`);
  }
  throw fail(
    `couldn't load the certificate file ${path}: data does not contain any valid RSA or ECDSA certificates`,
  );
}
