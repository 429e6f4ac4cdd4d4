import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createCluster } from '../../cluster/create-cluster.ts';
import type { Machine } from '../../node/machine.ts';
import { RealTimeDriver } from '../real-time-driver.ts';
import { settle } from '../settle.ts';
import { HttpsServer } from './https-server.ts';
import type { ServeOptions } from './options.ts';
import { readPki, writePki } from './pki-directory.ts';

/** A cluster that answers over HTTPS. */
export interface Served {
  /** "https://127.0.0.1:6443". */
  readonly url: string;
  /** Ends what is under way and closes the port. */
  stop(): Promise<void>;
}

/** The port cannot be had; `message` is for people. */
export class PortError extends Error {}

const ADDRESS = '127.0.0.1';
const CONTROL_PLANE = 'controlplane';
const MAX_SEED = 2 ** 31;

/**
 * Builds the cluster and serves it at 127.0.0.1; its time is the machine's from then on. Writes the
 * kubeconfig of its administrator. Rejects with a {@link PortError} if the port is taken.
 */
export async function startServing(options: ServeOptions): Promise<Served> {
  const server = new HttpsServer();
  const port = await listen(server, options.port);
  const url = `https://${ADDRESS}:${port}`;
  const cluster = await createCluster({
    shape: options.components === 'all' ? 'kubeadm' : 'apiserver',
    seed: options.seed ?? randomInt(MAX_SEED),
    settle,
    start: Date.now(),
    certSANs: [ADDRESS, 'localhost'],
    advertisePort: port,
    ...(options.pki !== undefined && { pki: readPki(options.pki) }),
  });
  const machine = cluster.machines.get(CONTROL_PLANE)!;
  if (options.pki !== undefined) writePki(options.pki, machine);
  const { files } = machine;
  server.serve({
    certificate: files.read('/etc/kubernetes/pki/apiserver.crt'),
    key: files.read('/etc/kubernetes/pki/apiserver.key'),
    clientCA: files.read('/etc/kubernetes/pki/ca.crt'),
    handler: (request) => cluster.request(request),
  });
  writeKubeconfig(options.kubeconfig, machine, url);
  // Building took a while, in which only the machine's clock went on.
  await cluster.clock.advanceTo(Date.now());
  const driver = new RealTimeDriver(cluster.clock);
  driver.start();
  return {
    url,
    async stop() {
      await server.close();
      await driver.stop();
    },
  };
}

async function listen(server: HttpsServer, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE' ? 'is taken' : code === 'EACCES' ? 'is not for you' : `fails: ${message}`;
    throw new PortError(`port ${port} on ${ADDRESS} ${why}; --port N takes another, --port 0 any free one`);
  }
}

/** The administrator's own kubeconfig, with the address that is good outside of the simulation. */
function writeKubeconfig(path: string, { files }: Machine, url: string): void {
  const text = files.read('/root/.kube/config').replace(/(^\s*server: ).*$/m, `$1${url}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}
