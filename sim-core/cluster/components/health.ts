import type { ProgramEnvironment } from '../../node/program.ts';

const PATHS = ['/healthz', '/livez', '/readyz'];

/** Answers health checks as long as the process lives. */
export function serveHealth({ machine, killed }: ProgramEnvironment, address: string, port: number): void {
  const stop = machine.network.listen(address, port, {
    handler: async ({ path }) => {
      const found = PATHS.includes(path.replace(/\?.*$/, ''));
      return {
        status: found ? 200 : 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: found ? 'ok' : '404 page not found\n',
      };
    },
  });
  killed.onCancel(stop);
}
