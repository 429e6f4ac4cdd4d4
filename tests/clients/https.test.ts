import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:http2';
import type { RequestOptions } from 'node:https';
import { Agent, request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

const LIMIT = 3 * 1024 * 1024;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Record<string, string> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

describe('sim serve --components apiserver', () => {
  let server: ServedCluster;
  let agent: Agent;
  let tls: { ca: Buffer; cert: Buffer; key: Buffer };

  beforeAll(async () => {
    server = await serveCluster('--components', 'apiserver');
    tls = tlsOf(server);
    agent = new Agent({ keepAlive: true, ...tls });
  }, 60_000);
  afterAll(() => server.stop());

  function open(
    method: string,
    path: string,
    options: RequestOptions = {},
    body = '',
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', ...options.headers };
      const sent = httpsRequest(new URL(path, server.url), { method, agent, ...options, headers }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function send(
    method: string,
    path: string,
    options: RequestOptions = {},
    body = '',
  ): Promise<Answer> {
    const response = await open(method, path, options, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) };
  }

  const anonymous = () => new Agent({ ca: tls.ca });
  const json = (bytes: Buffer) => JSON.parse(bytes.toString('utf8'));

  test('speaks HTTP/2, many requests on one connection', async () => {
    const session: ClientHttp2Session = connect(server.url, tls);
    expect(await new Promise((resolve) => session.once('connect', () => resolve(session.alpnProtocol)))).toBe(
      'h2',
    );
    const get = (path: string) =>
      new Promise<string>((resolve, reject) => {
        let text = '';
        const stream = session.request({
          ':path': path,
          'impersonate-user': 'jane',
          'impersonate-group': ['a', 'b'],
        });
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => resolve(text));
        stream.on('error', reject);
      });
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/version')));
    expect(answers.every((text) => JSON.parse(text).major === '1')).toBe(true);
    session.close();
  });

  test('keeps headers that came several times apart', async () => {
    const review = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    const headers = { 'impersonate-user': 'jane', 'impersonate-group': ['a, b', 'c'] };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { bytes } = await send('POST', path, { headers }, review);
    expect(json(bytes).status.userInfo).toEqual({
      username: 'jane',
      groups: ['a, b', 'c', 'system:authenticated'],
    });
  });

  test('without a certificate a client is anonymous', async () => {
    const { status, bytes } = await send('GET', '/api/v1/pods', { agent: anonymous() });
    expect([status, json(bytes).message]).toEqual([
      403,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    ]);
  });

  test('a wrong token is refused', async () => {
    const headers = { authorization: 'Bearer nope' };
    const { status } = await send('GET', '/version', { agent: anonymous(), headers });
    expect(status).toBe(401);
  });

  test('bodies may have 3 MiB', async () => {
    const { status, bytes } = await send('POST', CONFIG_MAPS, {}, 'x'.repeat(LIMIT + 1));
    expect([status, json(bytes).message]).toEqual([413, `Request entity too large: limit is ${LIMIT}`]);
    const much = await send('POST', CONFIG_MAPS, {}, 'x'.repeat(LIMIT * 3)).catch(() => undefined);
    expect(much?.status ?? 413).toBe(413);
    expect((await send('GET', '/livez')).bytes.toString()).toBe('ok');
  });

  test('a connection goes on after a body that was too long', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tls });
    for (const [method, path] of [
      ['POST', CONFIG_MAPS],
      ['PATCH', `${CONFIG_MAPS}/long`],
    ] as const) {
      const { status } = await send(method, path, { agent }, 'x'.repeat(LIMIT * 2));
      expect(status).toBe(413);
      expect((await send('GET', '/livez', { agent })).bytes.toString()).toBe('ok');
    }
    agent.destroy();
  });

  test('long answers are compressed for those who can read it', async () => {
    const value = 'korean '.repeat(40_000);
    expect((await send('POST', CONFIG_MAPS, {}, configMap('long', { value }))).status).toBe(201);
    const plain = await send('GET', `${CONFIG_MAPS}/long`);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await send('GET', `${CONFIG_MAPS}/long`, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 10);
    const short = await send('GET', '/version', { headers: { 'accept-encoding': 'gzip' } });
    expect(short.headers['content-encoding']).toBeUndefined();
    await send('DELETE', `${CONFIG_MAPS}/long`);
  });

  /** What comes back for these bytes on a connection of their own, to its end. */
  async function raw(bytes: string, isPlain = false): Promise<string> {
    const port = Number(new URL(server.url).port);
    const socket = isPlain ? connectTcp({ port }) : connectTls({ port, ...tls });
    socket.write(bytes);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    // A client that is still writing finds the connection closed.
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    return text.replaceAll('\r\n', '\n');
  }

  test("what is no request is refused in the words of Go's server", async () => {
    const refused = (line: string) =>
      `HTTP/1.1 ${line}\nContent-Type: text/plain; charset=utf-8\nConnection: close\n\n${line}`;
    expect(await raw('GARBAGE\r\n\r\n')).toBe(refused('400 Bad Request'));
    expect(await raw('GET /version HTTP/1.1\r\n\r\n')).toBe(
      refused('400 Bad Request: missing required Host header'),
    );
    const long = `GET /version HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2 ** 21)}\r\n\r\n`;
    expect(await raw(long)).toBe(refused('431 Request Header Fields Too Large'));
    const plain = await raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n', true);
    expect(plain).toBe('HTTP/1.0 400 Bad Request\n\nClient sent an HTTP request to an HTTPS server.\n');
  });

  test("headers of HTTP/1.1 are in Go's order and case, and do not say that the connection stays", async () => {
    const request = 'GET https://host/healthz HTTP/1.1\r\nHost: a\r\n';
    const names = (await raw(`${request}\r\n${request}Connection: close\r\n\r\n`))
      .split(/(?<=\n\nok)/)
      .map((answer) => answer.split('\n').flatMap((line) => /^([A-Z][\w-]+):/.exec(line)?.[1] ?? []));
    const own = ['Audit-Id', 'Cache-Control', 'Content-Type', 'X-Content-Type-Options'];
    const flow = ['X-Kubernetes-Pf-Flowschema-Uid', 'X-Kubernetes-Pf-Prioritylevel-Uid'];
    const both = [...own, ...flow, 'Content-Length', 'Date'];
    expect(names).toEqual([both, [...both, 'Connection']]);
  });

  test('a HEAD has no body', async () => {
    const { status, bytes } = await send('HEAD', '/healthz');
    expect([status, bytes.length]).toEqual([200, 0]);
  });

  test('100 watches see 1,000 changes, each once and in order', async () => {
    const watches = 100;
    const changes = 1000;
    const first = json((await send('GET', CONFIG_MAPS)).bytes).metadata.resourceVersion;
    const path = `${CONFIG_MAPS}?watch=1&resourceVersion=${first}`;
    const manyAgent = new Agent({ keepAlive: true, ...tls });
    const readers = await Promise.all(
      Array.from({ length: watches }, async () => {
        const response = await open('GET', path, { agent: manyAgent });
        const events: string[] = [];
        let rest = '';
        response.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString('utf8')).split('\n');
          rest = lines.pop()!;
          for (const line of lines) {
            const { type, object } = JSON.parse(line);
            events.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`);
          }
        });
        response.on('error', () => {});
        return { response, events };
      }),
    );
    const wanted: string[] = [];
    for (let change = 0; change < changes; change++) {
      const name = `w${change % 10}`;
      const round = Math.floor(change / 10);
      const isFirst = round === 0;
      const answer = isFirst
        ? await send('POST', CONFIG_MAPS, {}, configMap(name))
        : await send(
            'PATCH',
            `${CONFIG_MAPS}/${name}`,
            { headers: { 'content-type': 'application/merge-patch+json' } },
            JSON.stringify({ data: { round: String(round) } }),
          );
      expect(answer.status).toBe(isFirst ? 201 : 200);
      const { resourceVersion } = json(answer.bytes).metadata;
      wanted.push(`${isFirst ? 'ADDED' : 'MODIFIED'} ${name} ${resourceVersion}`);
    }
    await eventually(() => expect(readers.every(({ events }) => events.length >= changes)).toBe(true));
    for (const { events } of readers) expect(events).toEqual(wanted);
    for (const { response } of readers) response.destroy();
    manyAgent.destroy();
  }, 120_000);

  test('a port that is taken is named', async () => {
    const port = new URL(server.url).port;
    await expect(serveCluster('--components', 'apiserver', '--port', port)).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken`,
    );
  }, 60_000);

  test('a path that cannot be written is named', async () => {
    const { directory } = server;
    await expect(serveCluster('--components', 'apiserver', '--kubeconfig', directory)).rejects.toThrow(
      `--kubeconfig ${directory} cannot be used`,
    );
  }, 60_000);

  test('Ctrl-C ends open watches cleanly, and the process at once', async () => {
    const other = await serveCluster('--components', 'apiserver');
    const path = '/api/v1/namespaces?watch=1';
    const { cert, key, ca } = tlsOf(other);
    const watched = await new Promise<IncomingMessage>((resolve, reject) => {
      httpsRequest(new URL(path, other.url), { ca, cert, key }, resolve).on('error', reject).end();
    });
    const session = connect(other.url, { ca, cert, key });
    const stream = session.request({ ':path': path });
    await once(stream, 'response');
    const ends = [watched, stream].map(async (body) => {
      for await (const _chunk of body);
    });
    const before = performance.now();
    expect(await other.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(900);
    await Promise.all(ends);
    expect([watched.complete, stream.rstCode]).toEqual([true, 0]);
  }, 60_000);
});

/** What the server's administrator shows, and whom it trusts. */
function tlsOf({ kubeconfig }: ServedCluster): { ca: Buffer; cert: Buffer; key: Buffer } {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { caData } = config.getCurrentCluster()!;
  const { certData, keyData } = config.getCurrentUser()!;
  const [ca, cert, key] = [caData, certData, keyData].map((data) => Buffer.from(data!, 'base64'));
  return { ca: ca!, cert: cert!, key: key! };
}
