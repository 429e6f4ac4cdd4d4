import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcClient } from '../etcd/clientv3/grpc/grpc-client.ts';

/** The etcd that tests start: $ETCD_PATH, or the one in PATH. */
const BINARY = process.env.ETCD_PATH ?? 'etcd';

/** The version of the machine's etcd, for example "3.4.23"; undefined if there is none. */
export const realEtcdVersion = /etcd Version: (\S+)/.exec(
  spawnSync(BINARY, ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];

/** Says why tests against a real etcd do not run here, for the name of what is skipped. */
export const NO_REAL_ETCD =
  'skipped: no etcd binary in $ETCD_PATH or PATH (Debian: apt-get install etcd-server)';

/** True if the machine's etcd is at least this version, "3.5". False if there is none. */
export function realEtcdIsAtLeast(version: string): boolean {
  const parts = (text: string) => text.split('.').map(Number) as [number, number];
  const [major, minor] = parts(version);
  const [hasMajor, hasMinor] = parts(realEtcdVersion ?? '0.0');
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

/** Where data directories go: in memory where the machine has room for files there, as each write is synced. */
const PARENT_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An etcd process of its own data directory and ports. */
export class RealEtcd {
  readonly endpoint: string;
  readonly client: GrpcClient;
  readonly #folder = mkdtempSync(join(PARENT_FOLDER, 'real-etcd-'));
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, flags: readonly string[]) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.client = new GrpcClient({ endpoint: this.endpoint });
    this.#flags = flags;
  }

  /** Starts one and waits until it answers. `flags` are added to those that it needs. */
  static async start(...flags: string[]): Promise<RealEtcd> {
    const etcd = new RealEtcd(await freePort(), flags);
    await etcd.run();
    return etcd;
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  /** Keeps what the killed process has; gives a function that puts it back, between {@link kill} and {@link run}. */
  backUp(): () => void {
    const kept = mkdtempSync(join(this.#folder, 'kept-'));
    cpSync(this.#data, kept, { recursive: true });
    return () => {
      rmSync(this.#data, { recursive: true });
      cpSync(kept, this.#data, { recursive: true });
    };
  }

  /** Runs the process again after {@link kill}, on the same data. */
  async run(): Promise<void> {
    const flags = [
      ...['--data-dir', this.#data, '--heartbeat-interval', '10', '--election-timeout', '100'],
      ...['--listen-client-urls', this.endpoint, '--advertise-client-urls', this.endpoint],
      ...['--listen-peer-urls', 'http://127.0.0.1:0', ...this.#flags],
    ];
    this.#process = spawn(BINARY, flags, { stdio: 'ignore' });
    await this.client.status();
  }

  /** Kills the process as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  }

  /** Kills the process and removes its data. */
  async stop(): Promise<void> {
    this.client.close();
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
