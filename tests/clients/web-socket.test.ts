import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PlainWebSocket } from './plain-web-socket.ts';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';

const POD = '/api/v1/namespaces/default/pods/web';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What browsers and other clients do that speak WebSocket themselves. */
describe('a WebSocket', () => {
  let cluster: ServedCluster;
  const config = new KubeConfig();

  /** All that the server says until it closes, or until `enough` of it is there: texts, and bytes as Latin-1. */
  async function messages(
    path: string,
    protocol?: string,
    { say, enough = Infinity }: { readonly say?: string; readonly enough?: number } = {},
  ): Promise<{ protocol: string; messages: (string | { bytes: string })[] }> {
    const client = await PlainWebSocket.open(`${cluster.url}${path}`, protocol, identity());
    const seen: (string | { bytes: string })[] = [];
    const all = new Promise<void>((resolve) => {
      client.onMessage((data, isText) => {
        seen.push(isText ? data.toString('utf8') : { bytes: data.toString('latin1') });
        if (seen.length >= enough) resolve();
      });
    });
    if (say !== undefined) client.send(Buffer.from(say));
    await Promise.race([all, client.ended]);
    client.close();
    return { protocol: client.protocol, messages: seen };
  }

  function identity(): { cert: Buffer; key: Buffer } {
    const { certData, keyData } = config.getCurrentUser()!;
    return { cert: Buffer.from(certData!, 'base64'), key: Buffer.from(keyData!, 'base64') };
  }

  beforeAll(async () => {
    cluster = await serveCluster();
    config.loadFromFile(cluster.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const body = { metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
    await core.createNamespacedPod({ namespace: 'default', body });
    await vi.waitFor(
      async () => {
        const { status } = await core.readNamespacedPod({ name: 'web', namespace: 'default' });
        expect(status?.phase).toBe('Running');
      },
      { timeout: 20_000 },
    );
  }, 90_000);
  afterAll(() => cluster.stop());

  const EXEC = `${POD}/exec?command=sh&command=-c&command=echo+out%3Bexit+3&stdout=true`;
  const FAILED = 'command terminated with non-zero exit code: error executing command [], exit code 3';

  test.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('exec in %s ends with a Status', async (name) => {
    const { protocol, messages: said } = await messages(EXEC, name);
    expect([protocol, ...said.slice(0, 2)]).toEqual([name, { bytes: '\x01' }, { bytes: '\x01out\n' }]);
    const { bytes } = said[2] as { bytes: string };
    expect([bytes[0], JSON.parse(bytes.slice(1))]).toMatchObject(['\x03', { reason: 'NonZeroExitCode' }]);
  });

  test.each(['channel.k8s.io', undefined])('exec in %s ends with a text', async (name) => {
    expect(await messages(EXEC, name)).toEqual({
      protocol: name ?? '',
      messages: [{ bytes: '\x01' }, { bytes: '\x01out\n' }, { bytes: `\x03${FAILED}` }],
    });
  });

  test('exec in Base64, for clients that know only text', async () => {
    expect(await messages(EXEC, 'base64.channel.k8s.io')).toEqual({
      protocol: 'base64.channel.k8s.io',
      messages: ['1', `1${base64('out\n')}`, `3${base64(FAILED)}`],
    });
    const path = `${POD}/exec?command=cat&stdin=true&stdout=true`;
    const more = { say: `0${base64('안녕\n')}`, enough: 2 };
    const { messages: said } = await messages(path, 'v4.base64.channel.k8s.io', more);
    expect(said).toEqual(['1', `1${base64('안녕\n')}`]);
  });

  test('port-forward in Base64', async () => {
    const say = `0${base64('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')}`;
    const { messages: said } = await messages(`${POD}/portforward?ports=80`, 'v4.base64.channel.k8s.io', {
      say,
    });
    const texts = said.map((message) => Buffer.from(String(message).slice(1), 'base64').toString());
    expect(texts.slice(0, 2)).toEqual(['P\0', 'P\0']);
    expect(texts.join('')).toMatch(/HTTP\/1\.1 200 OK\r\n[\s\S]*Welcome to nginx/);
  });

  test('a watch gives each event as a text', async () => {
    const path = '/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Ddefault';
    const { messages: said } = await messages(path, undefined, { enough: 1 });
    expect(JSON.parse(String(said[0]))).toMatchObject({ type: 'ADDED', object: { kind: 'Namespace' } });
  });

  test('a log comes as bytes, or in Base64', async () => {
    const path = `${POD}/log?limitBytes=20`;
    const log = '/docker-entrypoint.s';
    expect((await messages(path)).messages).toEqual([{ bytes: log }]);
    expect((await messages(path, 'base64.binary.k8s.io')).messages).toEqual([base64(log)]);
    const followed = await messages(`${POD}/log?follow=true`, 'binary.k8s.io', { enough: 1 });
    expect(followed.messages[0]).toMatchObject({ bytes: expect.stringMatching(/^\/docker/) });
  });

  test('what is no stream is answered in HTTP', async () => {
    await expect(messages(POD)).rejects.toThrow('answered with 200');
    await expect(messages(EXEC, 'foo')).rejects.toThrow('answered with 403');
  });
});
