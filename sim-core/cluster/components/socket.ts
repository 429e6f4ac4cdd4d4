import type { HttpHandler } from '../../apimachinery/http.ts';
import { ConnectionError } from '../../apimachinery/http.ts';
import type { Listener } from '../../node/network.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { CommandError } from './command.ts';

/** A port that a process has bound: clients connect, but nobody answers them before it serves. */
export interface Socket {
  /** Answers from now on, those first who have waited. Call it once. */
  serve(listener: Listener): void;
}

/** A handler whose answers do not come any more when the process dies: who waits for one is told. */
export function untilKilled(handler: HttpHandler, { killed }: ProgramEnvironment): HttpHandler {
  const waiting = new Set<(error: ConnectionError) => void>();
  killed.onCancel(() => {
    for (const reject of waiting) reject(new ConnectionError('reset', 'EOF'));
    waiting.clear();
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      handler(request).then(
        (response) => {
          waiting.delete(reject);
          resolve(response);
        },
        (error: unknown) => {
          waiting.delete(reject);
          reject(error as Error);
        },
      );
    });
}

/**
 * Binds an address for as long as the process lives. Throws a {@link CommandError} if somebody has it.
 *
 * Models k8s.io/apiserver/pkg/server/options CreateListener: a server binds its port before it looks for its etcd.
 */
export function bindSocket(
  { machine, killed, hostPid }: ProgramEnvironment,
  address: string,
  port: number,
): Socket {
  if (machine.network.find(address === '0.0.0.0' ? machine.address : address, port) !== undefined) {
    throw new CommandError(
      `failed to create listener: failed to listen on ${address}:${port}: listen tcp ${address}:${port}: bind: address already in use`,
    );
  }
  let serving: Listener | undefined;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  /** Nobody may wait at all when the process dies. */
  const dead = new Promise<never>((_, reject) => {
    killed.onCancel(() =>
      reject(
        new ConnectionError(
          'reset',
          `read tcp ${machine.address}:54312->${machine.address}:${port}: read: connection reset by peer`,
        ),
      ),
    );
  });
  dead.catch(() => {});
  const answering = async () => {
    await Promise.race([begun, dead]);
    return serving!;
  };
  const waiting: Listener = {
    handler: async (request) => (await answering()).handler(request),
    accepted: answering,
  };
  let stop = machine.network.listen(address, port, waiting, hostPid);
  killed.onCancel(() => stop());
  return {
    serve(listener) {
      if (killed.cancelled) return;
      serving = listener;
      stop();
      stop = machine.network.listen(address, port, listener, hostPid);
      begin();
    },
  };
}
