import type { HttpHandler, HttpStream } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { builtinParts } from '../apiserver/registry/builtin.ts';
import { ApiServer } from '../apiserver/server/apiserver.ts';
import { kubeApiServerConfig } from '../apiserver/server/kube-apiserver.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { curve } from '../crypto/keys/curve.ts';
import { Pki } from '../cluster/pki.ts';
import { MemoryClient } from '../etcd/clientv3/memory.ts';
import { EtcdServer } from '../etcd/server/etcd-server.ts';
import { settle } from './settle.ts';

const START = Date.UTC(2026, 10, 23, 17, 0, 0);

/** What a request was answered. Objects are as JSON has them. */
export interface Answer {
  readonly status: number;
  readonly warning: string | readonly string[] | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the test knows to be there
  readonly body: any;
}

/** A kube-apiserver with all its kinds and plugins on an etcd of its own, asked as an administrator. */
export class BareApiServer {
  readonly clock = new VirtualClock({ start: START, settle });
  readonly #rand = new Rand('bare-apiserver');
  readonly #etcd = new EtcdServer(
    { clock: this.clock, rand: this.#rand.fork('etcd') },
    { name: 'controlplane' },
  );
  readonly #pki = new Pki(this.#rand.fork('pki'));
  readonly #accountKey = this.#pki.serviceAccountKey();
  readonly #admin = this.#pki.issue('kubernetes', {
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usages: ['client auth'],
    now: START,
  }).identity;
  #server: ApiServer | undefined;
  /** Who listens outside of the server, by "host:port". */
  readonly listeners = new Map<string, HttpHandler>();

  /** Starts it; again after `stop` on the same etcd. */
  async start(): Promise<this> {
    await curve.fetch();
    if (this.#server === undefined) this.#etcd.start();
    const { clock } = this;
    const parts = {
      clock,
      rand: this.#rand,
      etcd: new MemoryClient(this.#etcd),
      tracer: { emit: () => {} },
    };
    this.#server = new ApiServer(
      parts,
      kubeApiServerConfig(parts, builtinParts, {
        settings: {
          serviceClusterIPRange: '10.96.0.0/12',
          serviceNodePortRange: [30000, 32767],
          advertiseAddress: '172.30.1.2',
          securePort: 6443,
          allowPrivileged: true,
          serviceAccountIssuer: 'https://kubernetes.default.svc.cluster.local',
        },
        clientCA: this.#pki.authority('kubernetes', START).certificateFile.pool,
        authorizationModes: ['Node', 'RBAC'],
        anonymousAuth: true,
        serviceAccountKeys: { signer: this.#accountKey, verifiers: [] },
        bootstrapTokens: true,
        dial: (host, port) => (request) => {
          const listener = this.listeners.get(`${host}:${port}`);
          if (listener !== undefined) return listener(request);
          return Promise.reject(new ConnectionError('refused', 'connection refused'));
        },
      }),
    );
    await clock.until(this.#server.start());
    return this;
  }

  stop(): void {
    this.#server!.stop();
  }

  /** `headers` may name another content type or impersonate somebody. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.sendText(method, path, body === undefined ? '' : JSON.stringify(body), headers);
  }

  /** The same with a body as it is. */
  async sendText(
    method: string,
    path: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await this.#handle(method, path, body, headers);
    const text = response.body as string;
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.status,
      warning: response.headers['warning'],
      body: isJson ? JSON.parse(text) : text,
    };
  }

  /** The body of an answer as it was sent. */
  async raw(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ text: string }> {
    return { text: (await this.#handle(method, path, '', headers)).body as string };
  }

  /** The events of a watch: what came so far, and whether it is over. */
  async watch(
    path: string,
  ): Promise<{ readonly events: { type: string; object: KubeObject }[]; ended: boolean }> {
    const { body } = await this.#handle('GET', path, '', {});
    const seen = { events: [] as { type: string; object: KubeObject }[], ended: false };
    void (async () => {
      for await (const line of body as HttpStream) seen.events.push(JSON.parse(line));
      seen.ended = true;
    })();
    return seen;
  }

  #handle(method: string, path: string, body: string, headers: Readonly<Record<string, string>>) {
    return this.clock.until(
      this.#server!.handle({
        method,
        path,
        headers: { 'content-type': 'application/json', ...headers },
        body,
        certificate: this.#admin,
      }),
    );
  }
}
