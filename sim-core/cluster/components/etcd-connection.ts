import type { EtcdServer } from '../../etcd/server/etcd-server.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { Flags } from './flags.ts';
import type { ComponentServices } from './services.ts';
import { readFile } from './services.ts';

/** Which etcd the flags lead to, or what gRPC says of why they lead to none. */
export type EtcdConnection =
  { readonly server: EtcdServer } | { readonly address: string; readonly problem: string };

/** Tries the endpoints of --etcd-servers in order. */
export function connectEtcd(
  { pki, etcdServers }: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): EtcdConnection {
  let last = { address: '', problem: 'no endpoints' };
  for (const endpoint of flags.list('etcd-servers')) {
    const match = /^(https?):\/\/([^:/]+):(\d+)$/.exec(endpoint);
    const address = endpoint.replace(/^https?:\/\//, '');
    const fail = (problem: string) => (last = { address, problem });
    if (match === null) {
      fail(`"transport: Error while dialing: dial tcp: address ${endpoint}: too many colons in address"`);
      continue;
    }
    const [, scheme, host, port] = match as unknown as [string, string, string, string];
    const listener = environment.machine.network.find(host, Number(port));
    const server = listener && etcdServers.get(listener);
    if (listener === undefined || server === undefined) {
      fail(`"transport: Error while dialing: dial tcp ${address}: connect: connection refused"`);
      continue;
    }
    const { certificate } = listener;
    if ((scheme === 'https') !== (certificate !== undefined)) {
      fail(
        certificate === undefined
          ? '"transport: authentication handshake failed: tls: first record does not look like a TLS handshake"'
          : `"error reading server preface: read tcp 127.0.0.1:38210->${address}: read: connection reset by peer"`,
      );
      continue;
    }
    if (certificate !== undefined) {
      const handshake = '"transport: authentication handshake failed: ';
      const trusted = readFile(environment, flags.get('etcd-cafile'))?.includes(certificate.authority.trim());
      if (trusted !== true) {
        fail(`${handshake}tls: failed to verify certificate: x509: certificate signed by unknown authority"`);
        continue;
      }
      const own = pki.find(readFile(environment, flags.get('etcd-certfile')) ?? '');
      if (own?.authority !== certificate.authority) {
        fail(`${handshake}remote error: tls: bad certificate"`);
        continue;
      }
    }
    return { server };
  }
  return last;
}
