import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'apiserver-process.mts');

/** An answer of an apiserver; `status` 0: none came, and whether the request was carried out is not known. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A kube-apiserver in a process of its own, which can be killed and started again. */
export class ServedApiserver {
  readonly #etcd: string;
  readonly #name: string;
  #starts = 0;
  #process: ChildProcess | undefined;
  #port = 0;

  private constructor(etcd: string, name: string) {
    this.#etcd = etcd;
    this.#name = name;
  }

  static async start(etcd: string, name: string): Promise<ServedApiserver> {
    const server = new ServedApiserver(etcd, name);
    await server.run();
    return server;
  }

  /** Starts the process; resolves when it serves. */
  async run(): Promise<void> {
    const seed = `${this.#name} ${++this.#starts}`;
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, this.#etcd, seed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#port = await new Promise<number>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        const port = /^serving (\d+)\n/m.exec(output)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
      child.once('exit', () => reject(new Error(`the apiserver ${seed} ended before it served`)));
    });
  }

  /** Kills the process as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async request(method: string, path: string, object?: unknown): Promise<Answer> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(object !== undefined && { body: JSON.stringify(object) }),
      });
      return { status: response.status, body: await response.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }
}
