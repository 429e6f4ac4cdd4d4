import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import type { ServedCluster } from '../served-cluster.ts';
import { serveCluster } from '../served-cluster.ts';

/** An answer of an apiserver; `status` 0: none came, and whether the request was carried out is not known. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** `sim serve --components apiserver` on an etcd, which can be killed and started again. */
export class ServedApiserver {
  readonly #flags: readonly string[];
  #served: ServedCluster | undefined;
  #agent = new https.Agent();

  private constructor(etcd: string, pki: string) {
    this.#flags = ['--components', 'apiserver', '--etcd', etcd, '--pki', pki];
  }

  /** Servers of the same `pki` directory share their keys. */
  static async start(etcd: string, pki: string): Promise<ServedApiserver> {
    const server = new ServedApiserver(etcd, pki);
    await server.run();
    return server;
  }

  /** Starts the process; resolves when it serves. */
  async run(): Promise<void> {
    this.#served = await serveCluster(...this.#flags);
    const config = new KubeConfig();
    config.loadFromFile(this.#served.kubeconfig);
    const decoded = (data = '') => Buffer.from(data, 'base64');
    this.#agent = new https.Agent({
      keepAlive: true,
      ca: decoded(config.getCurrentCluster()!.caData),
      cert: decoded(config.getCurrentUser()!.certData),
      key: decoded(config.getCurrentUser()!.keyData),
    });
  }

  /** Kills the process as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    if (served === undefined) return;
    const gone = once(served.process, 'exit');
    if (served.process.kill('SIGKILL')) await gone;
    this.#agent.destroy();
    await served.stop();
  }

  async request(method: string, path: string, object?: unknown): Promise<Answer> {
    const served = this.#served;
    if (served === undefined) return NO_ANSWER;
    const headers = { 'content-type': 'application/json' };
    const request = https.request(`${served.url}${path}`, { method, headers, agent: this.#agent });
    request.end(object === undefined ? undefined : JSON.stringify(object));
    try {
      const [response] = await answerOf(request);
      return { status: response.statusCode!, body: await text(response) };
    } catch {
      return NO_ANSWER;
    }
  }
}

const NO_ANSWER: Answer = { status: 0, body: '' };

const answerOf = (request: ClientRequest) => once(request, 'response') as Promise<[IncomingMessage]>;
