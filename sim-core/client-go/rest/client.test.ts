import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import { bodyText, ConnectionError, JsonResponse } from '../../apimachinery/http.ts';
import { StatusError, notFoundError } from '../../apimachinery/status.ts';
import { Context } from '../../clock/context.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import { RestClient } from './client.ts';

function clientAnswering(answer: (request: HttpRequest) => HttpResponse, config = {}) {
  const requests: HttpRequest[] = [];
  const client = new RestClient({
    host: 'https://172.30.1.2:6443',
    userAgent: 'test',
    transport: async (request) => {
      requests.push(request);
      return answer(request);
    },
    ...config,
  });
  return { client, requests };
}
const ok = (body: object): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });

function streamOf(pieces: readonly string[]) {
  const state = { cancelled: false };
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const body = {
    cancel: () => {
      state.cancelled = true;
      stop();
    },
    async *[Symbol.asyncIterator]() {
      yield* pieces;
      await stopped;
    },
  };
  return { body, state };
}

describe('RestClient', () => {
  const options = { namespace: 'default' };
  it.each([
    [
      'get',
      (c: RestClient) => c.get(RESOURCES.pods, 'web', options),
      'GET',
      '/api/v1/namespaces/default/pods/web',
      '',
    ],
    [
      'list',
      (c: RestClient) => c.list(RESOURCES.deployments, { labelSelector: 'a=b', limit: 5 }),
      'GET',
      '/apis/apps/v1/deployments?labelSelector=a%3Db&limit=5',
      '',
    ],
    [
      'create of a subresource',
      (c: RestClient) =>
        c.create(RESOURCES.pods, { a: 1 }, { ...options, name: 'web', subresource: 'binding' }),
      'POST',
      '/api/v1/namespaces/default/pods/web/binding',
      '{"a":1}',
    ],
    [
      'update of status',
      (c: RestClient) => c.update(RESOURCES.nodes, { metadata: { name: 'n' } }, { subresource: 'status' }),
      'PUT',
      '/api/v1/nodes/n/status',
      '{"metadata":{"name":"n"}}',
    ],
    [
      'delete',
      (c: RestClient) => c.delete(RESOURCES.pods, 'web', { ...options, gracePeriodSeconds: 0 }),
      'DELETE',
      '/api/v1/namespaces/default/pods/web',
      '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}',
    ],
  ])('sends %s', async (_, send, method, path, body) => {
    const { client, requests } = clientAnswering(() => ok({}));
    await send(client);
    expect(requests[0]).toMatchObject({ method, path });
    expect(bodyText(requests[0]!)).toBe(body);
  });

  it('sends who it is and what the body is', async () => {
    const { client, requests } = clientAnswering(() => ok({}), {
      bearerToken: 't',
      impersonate: { user: 'jane', groups: ['a', 'b'] },
    });
    await client.patch(RESOURCES.pods, 'web', 'strategic', {}, options);
    expect(requests[0]!.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/strategic-merge-patch+json',
      'user-agent': 'test',
      authorization: 'Bearer t',
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b'],
    });
  });

  it('throws the Status of a failure', async () => {
    const error = notFoundError({ group: '', resource: 'pods' }, 'web');
    const { client } = clientAnswering(() => ({
      status: 404,
      headers: {},
      body: JSON.stringify(error.status),
    }));
    const thrown = await client.get(RESOURCES.pods, 'web', options).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(StatusError);
    expect((thrown as StatusError).status).toEqual(error.status);
  });

  it('makes a StatusError of a failure without a Status', async () => {
    const { client } = clientAnswering(() => ({ status: 503, headers: {}, body: 'etcd is away' }));
    await expect(client.get(RESOURCES.nodes, 'n')).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      code: 503,
    });
  });

  it('passes a ConnectionError on', async () => {
    const { client } = clientAnswering(() => {
      throw new ConnectionError('refused', 'dial tcp 172.30.1.2:6443: connect: connection refused');
    });
    await expect(client.list(RESOURCES.nodes)).rejects.toBeInstanceOf(ConnectionError);
  });
});

describe('RestClient watch', () => {
  const line = (type: string, name: string) =>
    `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;

  it('yields events whatever the pieces in which they come, until its context is cancelled', async () => {
    const text = line('ADDED', 'a') + line('MODIFIED', 'b');
    const { body, state } = streamOf([text.slice(0, 20), text.slice(20), line('DELETED', 'c')]);
    const { client } = clientAnswering(() => ({ status: 200, headers: {}, body }));
    const context = new Context();
    const seen: string[] = [];
    for await (const { type, object } of await client.watch(RESOURCES.pods, { context })) {
      seen.push(`${type} ${object.metadata.name}`);
      if (seen.length === 3) context.cancel();
    }
    expect(seen).toEqual(['ADDED a', 'MODIFIED b', 'DELETED c']);
    expect(state.cancelled).toBe(true);
  });

  it('throws the Status of an ERROR event', async () => {
    const status = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' };
    const { body } = streamOf([`${JSON.stringify({ type: 'ERROR', object: status })}\n`]);
    const { client } = clientAnswering(() => ({ status: 200, headers: {}, body }));
    const watch = await client.watch(RESOURCES.pods);
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('gives watchers the objects that the server has at hand', async () => {
    const event = { type: 'ADDED', object: { metadata: { name: 'a' } } };
    const { body } = streamOf([line('ADDED', 'text')]);
    const stream = {
      ...body,
      values: () => ({ next: async () => ({ done: false, value: event }) as const }),
    };
    const { client } = clientAnswering(() => ({ status: 200, headers: {}, body: stream }));
    const watch = await client.watch(RESOURCES.pods);
    expect((await watch[Symbol.asyncIterator]().next()).value).toBe(event);
  });

  it('gives the object that the server has at hand, and does not read its text', async () => {
    const pod = { metadata: { name: 'web' } };
    const write = () => {
      throw new Error('nobody asked for the text');
    };
    const { client } = clientAnswering(() => new JsonResponse(200, {}, pod, write));
    expect(await client.get(RESOURCES.pods, 'web', { namespace: 'default' })).toBe(pod);
  });
});
