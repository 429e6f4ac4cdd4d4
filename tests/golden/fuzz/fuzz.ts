import fc from 'fast-check';
import type { HttpResponse } from '../../../sim-core/apimachinery/http.ts';
import { newBareServer } from '../bare-server.ts';
import { readScenarios } from '../recording.ts';
import type { FuzzedRequest } from './mutation.ts';
import { fuzzedRequests } from './mutation.ts';

type Server = Awaited<ReturnType<typeof newBareServer>>;

/** How an exception of JavaScript's begins; no error of the API's does. */
const EXCEPTION = /^(?:[A-Z]\w*)?(?:Error|Exception): |is not a function|undefined \(reading|not iterable/;
/** Simulated time that a watch may take to end. */
const WATCH_MS = 5_000;

/**
 * Sends `runs` malformed requests to a server and checks every answer: a Status with the right code wherever
 * something is refused, never an exception, and nothing half-written afterwards. Throws with the request that
 * did it, made as small as fast-check can.
 */
export async function fuzzApiServer(runs: number, seed: number): Promise<void> {
  const server = await newBareServer();
  await createNamespaces(server);
  await fc.assert(
    fc.asyncProperty(fuzzedRequests(readScenarios()), async (request) => {
      const problem = await send(server, request);
      if (problem !== undefined) throw new Error(`${problem}\n${JSON.stringify(request).slice(0, 2000)}`);
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  await checkStored(server);
}

/** The namespaces that the recordings work in, so that their requests get somewhere. */
async function createNamespaces(server: Server): Promise<void> {
  for (const { steps } of readScenarios()) {
    const [first] = steps;
    if (first?.method === 'POST' && first.path === '/api/v1/namespaces') {
      await send(server, { method: 'POST', path: first.path, headers: {}, body: JSON.stringify(first.body) });
    }
  }
}

async function answerOf(server: Server, request: FuzzedRequest): Promise<HttpResponse & { body: string }> {
  const { clock, handle, admin } = server;
  const response = await clock.until(handle({ ...request, certificate: admin, remoteAddress: '192.0.2.1' }));
  if (typeof response.body === 'string') return { ...response, body: response.body };
  let text = '';
  const { body } = response;
  const reading = (async () => {
    for await (const piece of body) text += piece;
  })();
  await clock.advance(WATCH_MS);
  body.cancel();
  await reading;
  return { ...response, body: text };
}

/** What is wrong with the answer, or undefined. */
async function send(server: Server, request: FuzzedRequest): Promise<string | undefined> {
  const { status, headers, body } = await answerOf(server, request);
  if (status < 200 || status > 599) return `status ${status}`;
  if (EXCEPTION.test(body) || /"message":"(?:[A-Z]\w*)?(?:Error|Exception): /.test(body)) return body;
  if (status < 400) return undefined;
  if (headers['content-type'] !== 'application/json') return undefined;
  const answer = JSON.parse(body) as { kind?: string; code?: number; message?: string; status?: string };
  if (answer.kind !== 'Status' || answer.status !== 'Failure') return `no Status: ${body}`;
  if (answer.code !== status) return `a Status of code ${answer.code} with status ${status}`;
  return typeof answer.message === 'string' ? undefined : `no message: ${body}`;
}

/** Everything that is stored can be listed, and is whole. */
async function checkStored(server: Server): Promise<void> {
  const get = async <T>(path: string): Promise<T> =>
    JSON.parse((await answerOf(server, { method: 'GET', path, headers: {}, body: '' })).body) as T;
  const { groups } = await get<{ groups: { preferredVersion: { groupVersion: string } }[] }>('/apis');
  const prefixes = [
    '/api/v1',
    ...groups.map(({ preferredVersion: { groupVersion } }) => `/apis/${groupVersion}`),
  ];
  for (const prefix of prefixes) {
    const { resources } = await get<{ resources: { name: string; verbs: string[] }[] }>(prefix);
    for (const { name, verbs } of resources) {
      // What cannot be watched is computed, not stored.
      if (!verbs.includes('watch')) continue;
      const { items } = await get<{ items: { metadata: Record<string, unknown> }[] }>(`${prefix}/${name}`);
      for (const { metadata } of items) {
        for (const field of ['name', 'uid', 'creationTimestamp', 'resourceVersion']) {
          if (typeof metadata[field] !== 'string') {
            throw new Error(`${prefix}/${name}: an object without ${field}: ${JSON.stringify(metadata)}`);
          }
        }
      }
    }
  }
  if ('polluted' in {} || 'a' in {}) throw new Error('the prototype of all objects was changed');
}
