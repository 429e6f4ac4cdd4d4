import type { CertificateIdentity, HttpTransport } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import { formatTime } from '../apimachinery/object.ts';
import type { Clock } from '../clock/clock.ts';
import type { ClientNetwork, TlsClientConfig } from '../kubectl/clientcmd/network.ts';
import type { Machine } from '../node/machine.ts';
import type { ServerCertificate } from '../node/network.ts';
import type { Pki } from './pki.ts';

/** The cluster's machines as clients on them meet each other: names, ports and certificates. */
export class ClusterClientNetwork implements ClientNetwork {
  readonly #clock: Clock;
  readonly #pki: Pki;
  readonly #machines: () => Iterable<Machine>;

  constructor(clock: Clock, pki: Pki, machines: () => Iterable<Machine>) {
    this.#clock = clock;
    this.#pki = pki;
    this.#machines = machines;
  }

  transport(machine: Machine, server: string, tls: TlsClientConfig): HttpTransport {
    return async (request) => {
      const { scheme, host, port } = parseServer(server);
      const address = this.#resolve(host);
      const listener = await machine.network.reach(address, port);
      const { certificate } = listener;
      if (scheme === 'https') {
        if (certificate === undefined) {
          throw new ConnectionError('tls', 'http: server gave HTTP response to HTTPS client');
        }
        if (tls.insecureSkipVerify !== true) this.#verify(certificate, tls, host);
      } else if (certificate !== undefined) {
        const body = 'Client sent an HTTP request to an HTTPS server.\n';
        return { status: 400, headers: {}, body };
      }
      return listener.handler({ remoteAddress: machine.address, ...request });
    };
  }

  identify(certificate: string, key: string): CertificateIdentity | undefined {
    return this.#pki.identify(certificate, key);
  }

  #resolve(host: string): string {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
    if (host === 'localhost') return '127.0.0.1';
    for (const machine of this.#machines()) if (machine.hostname === host) return machine.address;
    throw new ConnectionError('refused', `dial tcp: lookup ${host} on 127.0.0.53:53: no such host`);
  }

  /** Models crypto/x509 Certificate.Verify as far as a reader can break it. */
  #verify(certificate: ServerCertificate, tls: TlsClientConfig, host: string): void {
    const failed = 'tls: failed to verify certificate: x509: ';
    const { notBefore, notAfter } = certificate.identity;
    const now = this.#clock.now();
    if (now > notAfter || now < notBefore) {
      const how = now > notAfter ? `after ${formatTime(notAfter)}` : `before ${formatTime(notBefore)}`;
      throw new ConnectionError(
        'tls',
        `${failed}certificate has expired or is not yet valid: current time ${formatTime(now)} is ${how}`,
      );
    }
    const trusted = tls.certificateAuthority?.includes(certificate.authority.trim()) ?? false;
    if (!trusted) throw new ConnectionError('tls', `${failed}certificate signed by unknown authority`);
    const name = tls.serverName ?? host;
    if (certificate.names.includes(name)) return;
    const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
    const valid = certificate.names.filter((known) => /^\d+\.\d+\.\d+\.\d+$/.test(known) === isAddress);
    throw new ConnectionError('tls', `${failed}certificate is valid for ${valid.join(', ')}, not ${name}`);
  }
}

function parseServer(server: string): { scheme: string; host: string; port: number } {
  const match = /^(https?):\/\/([^/:]+)(?::(\d+))?/.exec(server);
  if (match === null)
    throw new ConnectionError('refused', `dial tcp: address ${server}: missing port in address`);
  const [, scheme, host, port] = match as unknown as [string, string, string, string | undefined];
  return { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)) };
}
