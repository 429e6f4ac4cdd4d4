import { Rand } from '../../clock/rand.ts';
import type { ServerTls } from '../../crypto/tls/handshake.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { Pki } from '../pki.ts';
import { bindSocket } from './socket.ts';

const PATHS = ['/healthz', '/livez', '/readyz'];

/** The certificate that a component makes for itself when it is given none: nobody trusts it, probes do not ask. */
function selfSigned({ clock, id }: ProgramEnvironment): ServerTls {
  const now = clock.now();
  const seconds = Math.floor(now / 1000);
  const keyPair = new Pki(new Rand(id)).issue(`localhost-ca@${seconds}`, {
    subject: { commonName: `localhost@${seconds}` },
    usages: ['server auth'],
    sans: ['localhost', '127.0.0.1'],
    now,
  });
  return { keyPair, clientAuth: 'request' };
}

/** Answers health checks as long as the process lives. Throws a CommandError if the port is taken. */
export function serveHealth(environment: ProgramEnvironment, address: string, port: number): void {
  bindSocket(environment, address, port).serve({
    tls: selfSigned(environment),
    // It is well as long as it listens.
    onceChanged: (path) => (PATHS.includes(path) ? () => {} : undefined),
    handler: ({ path }) => {
      const found = PATHS.includes(path.replace(/\?.*$/, ''));
      return Promise.resolve({
        status: found ? 200 : 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: found ? 'ok' : '404 page not found\n',
      });
    },
  });
}
