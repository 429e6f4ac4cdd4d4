import { handshake } from '../../crypto/tls/handshake.ts';
import type { KeyPair } from '../../crypto/tls/key-pair.ts';
import { keyPair } from '../../crypto/tls/key-pair.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import { CertPool } from '../../crypto/x509/verify.ts';
import type { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { Machine } from '../../node/machine.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { Flags } from './flags.ts';
import type { ComponentServices } from './services.ts';
import { readFileAs } from './services.ts';

/** Which etcd an endpoint leads to, or what gRPC says of why it leads to none. */
export type EtcdConnection =
  | {
      readonly server: EtcdServer;
      readonly host: string;
      readonly port: number;
      /** Of the client certificate that was shown. */
      readonly commonName?: string;
    }
  | { readonly address: string; readonly problem: string };

/** What a client of etcd trusts and shows. */
export interface EtcdClientTls {
  readonly rootCAs?: CertPool;
  readonly keyPair?: KeyPair;
  readonly insecureSkipVerify?: boolean;
}

const NOBODY = new CertPool([]);

/**
 * Tries one endpoint, "https://127.0.0.1:2379", from a machine.
 * Models google.golang.org/grpc internal/transport NewHTTP2Client.
 */
export async function dialEtcd(
  { clock, etcdServers }: Pick<ComponentServices, 'clock' | 'etcdServers'>,
  machine: Machine,
  endpoint: string,
  tls: EtcdClientTls,
): Promise<EtcdConnection> {
  // What follows the address is passed over: clientv3 takes the URL's host.
  const match = /^(https?):\/\/([^:/]+):(\d+)(?:\/.*)?$/.exec(endpoint);
  const address = endpoint.replace(/^https?:\/\//, '').replace(/\/.*/, '');
  const failed = (problem: string) => ({ address, problem });
  if (match === null)
    return failed(
      `transport: Error while dialing: dial tcp: address ${endpoint}: too many colons in address`,
    );
  const [, scheme, host, port] = match as unknown as [string, string, string, string];
  const listener = machine.network.find(host, Number(port));
  const server = listener && etcdServers.get(listener);
  if (listener === undefined)
    return failed(`transport: Error while dialing: dial tcp ${address}: connect: connection refused`);
  if (server === undefined)
    return failed(
      'error reading server preface: http2: frame too large, note that the frame header looked like an HTTP/1.1 header',
    );
  if (scheme === 'http') {
    return listener.tls === undefined
      ? { server, host, port: Number(port) }
      : failed(
          `error reading server preface: read tcp 127.0.0.1:38210->${address}: read: connection reset by peer`,
        );
  }
  const duringHandshake = 'transport: authentication handshake failed: ';
  if (listener.tls === undefined)
    return failed(`${duringHandshake}tls: first record does not look like a TLS handshake`);
  const { rootCAs = NOBODY, keyPair: pair, insecureSkipVerify = false } = tls;
  const client = { serverName: host, rootCAs, insecureSkipVerify, ...(pair && { keyPair: pair }) };
  const result = await handshake(client, listener.tls, clock);
  if (result.ok) {
    const commonName = result.clientCertificate?.commonName;
    return { server, host, port: Number(port), ...(commonName && { commonName }) };
  }
  return failed(
    `${result.afterHandshake ? 'error reading server preface: ' : duringHandshake}${result.client}`,
  );
}

/** Tries the endpoints of --etcd-servers in order. Rejects with a KeyPairError for a certificate that its key does not fit. */
export async function connectEtcd(
  services: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<EtcdConnection> {
  const file = (flag: string) => readFileAs(environment, flags.get(flag), PEM_FILE);
  const [authority, certificate] = [file('etcd-cafile'), file('etcd-certfile')];
  const tls: EtcdClientTls = {
    ...(authority && { rootCAs: authority.pool }),
    ...(certificate && { keyPair: keyPair(certificate, file('etcd-keyfile') ?? Pem.ofText('')) }),
  };
  let last: EtcdConnection = { address: '', problem: 'no endpoints' };
  for (const endpoint of flags.list('etcd-servers')) {
    last = await dialEtcd(services, environment.machine, endpoint, tls);
    if ('server' in last) break;
  }
  return last;
}
