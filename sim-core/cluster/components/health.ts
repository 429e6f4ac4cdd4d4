import type { ProgramEnvironment } from '../../node/program.ts';
import type { Listener } from '../../node/network.ts';

const PATHS = ['/healthz', '/livez', '/readyz'];

/** The certificate that a component makes for itself when it is given none: nobody trusts it, probes do not ask. */
const SELF_SIGNED: NonNullable<Listener['certificate']> = {
  identity: {
    commonName: 'localhost@1763888400',
    organizations: [],
    issuer: 'localhost-ca@1763888400',
    fingerprint: '',
    notBefore: 0,
    notAfter: Number.MAX_SAFE_INTEGER,
  },
  authority: '',
  names: ['localhost', '127.0.0.1'],
};

/** Answers health checks as long as the process lives. */
export function serveHealth({ machine, killed }: ProgramEnvironment, address: string, port: number): void {
  const stop = machine.network.listen(address, port, {
    certificate: SELF_SIGNED,
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
  killed.onCancel(stop);
}
