import type { HttpTransport } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import type { Clock } from '../clock/clock.ts';
import type { ServerTls } from '../crypto/tls/handshake.ts';
import { handshake } from '../crypto/tls/handshake.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { CertPool } from '../crypto/x509/verify.ts';
import type { ClientNetwork, TlsClientConfig } from '../kubectl/clientcmd/network.ts';
import type { Machine } from '../node/machine.ts';
import { handshake as accepted } from '../node/network.ts';

/** The cluster's machines as clients on them meet each other: names, ports and certificates. */
export class ClusterClientNetwork implements ClientNetwork {
  readonly #clock: Clock;
  readonly #machines: () => Iterable<Machine>;

  constructor(clock: Clock, machines: () => Iterable<Machine>) {
    this.#clock = clock;
    this.#machines = machines;
  }

  transport(machine: Machine, server: string, tls: TlsClientConfig): HttpTransport {
    /** The connection is kept open, as Go's clients do: its handshake holds as long as the server listens. */
    let connection: { readonly tls: ServerTls; readonly certificate: Certificate | undefined } | undefined;
    let parsed: Server | undefined;
    return async (request) => {
      const { scheme, host, address, port } = (parsed ??= parseServer(server));
      const listener = await accepted(
        this.#clock,
        await machine.network.reach(address ?? this.#resolve(host), port),
      );
      const remoteAddress = machine.address;
      if (scheme === 'https') {
        if (listener.tls === undefined)
          throw new ConnectionError('tls', 'http: server gave HTTP response to HTTPS client');
        if (connection?.tls !== listener.tls) {
          connection = { tls: listener.tls, certificate: await this.#handshake(tls, host, listener.tls) };
        }
        const { certificate } = connection;
        if (certificate !== undefined) return listener.handler({ remoteAddress, certificate, ...request });
      } else if (listener.tls !== undefined) {
        const body = 'Client sent an HTTP request to an HTTPS server.\n';
        return { status: 400, headers: {}, body };
      }
      return listener.handler({ remoteAddress, ...request });
    };
  }

  #resolve(host: string): string {
    if (host === 'localhost') return '127.0.0.1';
    for (const machine of this.#machines()) if (machine.hostname === host) return machine.address;
    throw new ConnectionError('refused', `dial tcp: lookup ${host} on 127.0.0.53:53: no such host`);
  }

  /** Gives what the server sees of the client; rejects with a ConnectionError with Go's words. */
  async #handshake(tls: TlsClientConfig, host: string, server: ServerTls): Promise<Certificate | undefined> {
    const client = {
      serverName: tls.serverName ?? host,
      rootCAs: tls.rootCAs ?? NOBODY,
      insecureSkipVerify: tls.insecureSkipVerify ?? false,
      ...(tls.keyPair && { keyPair: tls.keyPair }),
    };
    const result = await handshake(client, server, this.#clock);
    if (result.ok) return result.clientCertificate;
    throw new ConnectionError('tls', result.client);
  }
}

/** What a machine trusts that has no authorities of its own. */
const NOBODY = new CertPool([]);

interface Server {
  readonly scheme: string;
  readonly host: string;
  /** The host, if it is an address; a name may come to mean another. */
  readonly address: string | undefined;
  readonly port: number;
}

function parseServer(server: string): Server {
  const match = /^(https?):\/\/([^/:]+)(?::(\d+))?/.exec(server);
  if (match === null)
    throw new ConnectionError('refused', `dial tcp: address ${server}: missing port in address`);
  const [, scheme, host, port] = match as unknown as [string, string, string, string | undefined];
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : undefined;
  return { scheme, host, address, port: Number(port ?? (scheme === 'https' ? 443 : 80)) };
}
