import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PkiFiles } from '../../cluster/checkpoint.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { createCluster } from '../../cluster/create-cluster.ts';
import { GrpcClient } from '../../etcd/clientv3/grpc/grpc-client.ts';
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

/** Why there is nothing to serve; `message` is for people. */
export class StartError extends Error {}

const ADDRESS = '127.0.0.1';
const CONTROL_PLANE = 'controlplane';
const ADMINISTRATOR = 'kubernetes-admin';
/** As a kube-apiserver has it that is not told otherwise. */
const COMPACTION_INTERVAL_MS = 5 * 60_000;
const MAX_SEED = 2 ** 31;

/**
 * Builds the cluster and serves it at 127.0.0.1; its time is the machine's from then on. Writes the
 * kubeconfig of its administrator. Rejects with a {@link StartError} if the port is taken, or if no
 * etcd answers.
 */
export async function startServing(options: ServeOptions): Promise<Served> {
  const { pki: directory } = options;
  const pki = directory === undefined ? undefined : usingPath('--pki', directory, () => readPki(directory));
  const server = new HttpsServer();
  const port = await listen(server, options.port);
  try {
    return await serveAt(server, port, options, pki);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function serveAt(
  server: HttpsServer,
  port: number,
  options: ServeOptions,
  pki: PkiFiles | undefined,
): Promise<Served> {
  const { pki: directory } = options;
  const url = `https://${ADDRESS}:${port}`;
  const etcd = options.etcd === undefined ? undefined : new GrpcClient({ endpoint: options.etcd });
  const cluster = await createCluster({
    shape: options.components === 'all' ? 'kubeadm' : 'apiserver',
    // Processes that share an etcd must not make the same uids.
    seed: etcd === undefined && options.seed !== undefined ? options.seed : randomInt(MAX_SEED),
    settle,
    start: Date.now(),
    certSANs: [ADDRESS, 'localhost'],
    advertisePort: port,
    compactionInterval: COMPACTION_INTERVAL_MS,
    ...(pki !== undefined && { pki }),
    ...(etcd !== undefined && { etcd }),
  });
  const machine = cluster.machines.get(CONTROL_PLANE)!;
  if (directory !== undefined) usingPath('--pki', directory, () => writePki(directory, machine));
  const { files } = machine;
  server.serve({
    certificate: files.read('/etc/kubernetes/pki/apiserver.crt'),
    key: files.read('/etc/kubernetes/pki/apiserver.key'),
    clientCA: files.read('/etc/kubernetes/pki/ca.crt'),
    handler: (request) => cluster.request(request),
  });
  usingPath('--kubeconfig', options.kubeconfig, () => writeKubeconfig(options.kubeconfig, machine, url));
  // Building took a while, in which only the machine's clock went on.
  await cluster.clock.advanceTo(Date.now());
  const driver = new RealTimeDriver(cluster.clock);
  driver.start();
  const stop = async () => {
    await server.close();
    await driver.stop();
    etcd?.close();
  };
  if (etcd !== undefined && !(await isReady(cluster))) {
    await stop();
    throw new StartError(`no etcd answers at ${options.etcd}`);
  }
  return { url, stop };
}

/** How long an etcd may take to answer, and how often the server is asked whether it did. */
const ETCD_PATIENCE_MS = 20_000;
const POLL_MS = 50;

/** Waits until the server has what it needs from its etcd; false if that takes too long. */
async function isReady(cluster: Cluster): Promise<boolean> {
  const certificate = cluster.credentials.get(ADMINISTRATOR)?.certificate;
  const probe = {
    method: 'GET',
    path: '/readyz',
    headers: {},
    body: '',
    ...(certificate && { certificate }),
  };
  for (const end = Date.now() + ETCD_PATIENCE_MS; Date.now() < end;) {
    const answer = await Promise.race([cluster.request(probe), delay(POLL_MS)]);
    if (answer?.status === 200) return true;
    await delay(POLL_MS);
  }
  return false;
}

/** Runs what reads or writes the path of an option; throws a {@link StartError} if the path is not good for it. */
function usingPath<T>(option: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new StartError(`${option} ${path} cannot be used: ${message}`);
  }
}

async function listen(server: HttpsServer, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE' ? 'is taken' : code === 'EACCES' ? 'is not for you' : `fails: ${message}`;
    throw new StartError(`port ${port} on ${ADDRESS} ${why}; --port N takes another, --port 0 any free one`);
  }
}

/** The administrator's own kubeconfig, with the address that is good outside of the simulation. */
function writeKubeconfig(path: string, { files }: Machine, url: string): void {
  const text = files.read('/root/.kube/config').replace(/(^\s*server: ).*$/m, `$1${url}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}
