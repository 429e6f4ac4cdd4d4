import type { Clock } from '../../clock/clock.ts';
import { curve } from '../keys/curve.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertPool } from '../x509/verify.ts';
import type { KeyPair } from './key-pair.ts';

/** How a server speaks TLS. */
export interface ServerTls {
  readonly keyPair: KeyPair;
  /** Whether it asks for a client certificate, and whether it checks the one that comes. */
  readonly clientAuth: 'none' | 'request' | 'verify-if-given' | 'require-and-verify';
  readonly clientCAs?: CertPool;
}

/** How a client speaks TLS. */
export interface ClientTls {
  /** What the certificate must be good for. */
  readonly serverName: string;
  readonly rootCAs: CertPool;
  readonly insecureSkipVerify?: boolean;
  readonly keyPair?: KeyPair;
}

/** A handshake that failed: what each side says of it. */
interface HandshakeFailure {
  readonly client: string;
  readonly server: string;
  /** TLS 1.3: a client learns that its certificate is refused only after its own handshake is done. */
  readonly afterHandshake: boolean;
}

export type HandshakeResult =
  | { readonly ok: true; readonly clientCertificate: Certificate | undefined }
  | ({ readonly ok: false } & HandshakeFailure);

/** Models a full handshake of crypto/tls in TLS 1.3, as far as certificates decide it. */
export async function handshake(
  client: ClientTls,
  server: ServerTls,
  clock: Clock,
): Promise<HandshakeResult> {
  const pairs = [server.keyPair, ...(client.keyPair ? [client.keyPair] : [])];
  const pools = [client.rootCAs, ...(server.clientCAs ? [server.clientCAs] : [])];
  const isForeign =
    pools.some(({ hasForeign }) => hasForeign) ||
    pairs.some((pair) => pair.certificate.isForeign || pair.intermediates.some((one) => one.isForeign));
  if (isForeign) await curve.load(clock);
  return checkBoth(client, server, clock.now());
}

function checkBoth(client: ClientTls, server: ServerTls, now: number): HandshakeResult {
  if (client.insecureSkipVerify !== true) {
    const { certificate, intermediates } = server.keyPair;
    const problem = client.rootCAs.problem(certificate, {
      now,
      usage: 'server auth',
      host: client.serverName,
      intermediates,
    });
    if (problem !== undefined) {
      return {
        ok: false,
        client: `tls: failed to verify certificate: ${problem.message}`,
        server: 'remote error: tls: bad certificate',
        afterHandshake: false,
      };
    }
  }
  return checkClient(client.keyPair, server, now);
}

/** Models Conn.processCertsFromClient. */
function checkClient(pair: KeyPair | undefined, server: ServerTls, now: number): HandshakeResult {
  if (server.clientAuth === 'none') return { ok: true, clientCertificate: undefined };
  if (pair === undefined) {
    return server.clientAuth === 'require-and-verify'
      ? refused("tls: client didn't provide a certificate", 'certificate required')
      : { ok: true, clientCertificate: undefined };
  }
  const { certificate, intermediates } = pair;
  if (server.clientAuth === 'request') return { ok: true, clientCertificate: certificate };
  const problem = server.clientCAs?.problem(certificate, { now, usage: 'client auth', intermediates });
  if (problem === undefined) return { ok: true, clientCertificate: certificate };
  return refused(`tls: failed to verify certificate: ${problem.message}`, ALERTS[problem.reason]);
}

/** What the server answers a client certificate with that it does not trust. */
const ALERTS = {
  expired: 'expired certificate',
  'unknown authority': 'unknown certificate authority',
  other: 'bad certificate',
} as const;

function refused(server: string, alert: string): HandshakeResult {
  return { ok: false, client: `remote error: tls: ${alert}`, server, afterHandshake: true };
}
