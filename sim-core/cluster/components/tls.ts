import type { ServerTls } from '../../crypto/tls/handshake.ts';
import { keyPair } from '../../crypto/tls/key-pair.ts';
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
export function serverTls(
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
