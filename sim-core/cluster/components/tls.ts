import type { ServerTls } from '../../crypto/tls/handshake.ts';
import { keyPair, KeyPairError } from '../../crypto/tls/key-pair.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { readFileAs } from './services.ts';

/** Files of a server that speaks TLS: what its flags name. */
export interface ServerTlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Authorities of client certificates; "" for none. */
  readonly clientCA: string;
}

/**
 * How a program speaks TLS; undefined if its flags name no certificate. Throws a KeyPairError if
 * certificate and key do not go together.
 */
function serverTls(
  environment: ProgramEnvironment,
  { certificate, key, clientCA }: ServerTlsFiles,
  clientAuth: ServerTls['clientAuth'],
): ServerTls | undefined {
  if (certificate === '') return undefined;
  const file = (path: string) => readFileAs(environment, path, PEM_FILE) ?? Pem.ofText('');
  return {
    keyPair: keyPair(file(certificate), file(key)),
    clientAuth,
    ...(clientCA !== '' && { clientCAs: file(clientCA).pool }),
  };
}

/**
 * The same for as long as the program runs: it gives what certificate and key are now, and while the two do not go
 * together, what they were. Who is connected stays so.
 *
 * Models k8s.io/apiserver/pkg/server/dynamiccertificates DynamicCertKeyPairContent; etcd reads its files anew for each
 * handshake (client/pkg/transport TLSInfo).
 */
export function servedTls(
  environment: ProgramEnvironment,
  files: ServerTlsFiles,
  clientAuth: ServerTls['clientAuth'],
): () => ServerTls | undefined {
  let current = serverTls(environment, files, clientAuth);
  const reload = () => {
    try {
      current = serverTls(environment, files, clientAuth);
    } catch (error) {
      if (!(error instanceof KeyPairError)) throw error;
    }
  };
  const { machine, hostPath, killed } = environment;
  for (const path of [files.certificate, files.key]) {
    if (path !== '') killed.onCancel(machine.files.watch(hostPath(path), reload));
  }
  return () => current;
}
