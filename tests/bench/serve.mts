import { Agent, request } from 'node:https';
import { readFileSync } from 'node:fs';
import { serveCluster } from '../clients/served-cluster.ts';
import type { Benchmark, Measurement } from './measure.mts';

/** A real kube-apiserver with its etcd on a machine of this kind. */
const RECORDED: Values = {
  'serve.create': 616,
  'serve.create.8-wide': 1286,
  'serve.get.8-wide': 3706,
  'serve.merge-patch.8-wide': 875,
  'serve.list.2300': 65,
  'serve.list.by-label': 41,
};

type Values = Readonly<Record<keyof typeof UNITS, number>>;

const UNITS = {
  'serve.create': '1/s',
  'serve.create.8-wide': '1/s',
  'serve.get.8-wide': '1/s',
  'serve.merge-patch.8-wide': '1/s',
  'serve.list.2300': 'ms',
  'serve.list.by-label': 'ms',
} as const;

/** The kubeconfig of a real kube-apiserver without pods: it is then measured in the same run. */
const { APISERVER_KUBECONFIG } = process.env;

const PODS = '/api/v1/namespaces/default/pods';
const SINGLE = 300;
const WIDE = 2000;
const WIDTH = 8;

const pod = (name: string, label: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: label } },
    spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
  });

/** Pods over HTTPS, one request after another and eight at a time on connections that stay open. */
export const serveBenchmarks: readonly Benchmark[] = [
  {
    name: 'serve',
    run: async () => {
      const real = APISERVER_KUBECONFIG === undefined ? RECORDED : await measureServer(APISERVER_KUBECONFIG);
      const server = await serveCluster('--components', 'apiserver');
      try {
        return compared(await measureServer(server.kubeconfig), real);
      } finally {
        await server.stop();
      }
    },
  },
];

function compared(ours: Values, real: Values): Measurement[] {
  return (Object.keys(UNITS) as (keyof Values)[]).map((name) => ({
    name,
    value: ours[name],
    unit: UNITS[name],
    peer: 'kube-apiserver',
    peerValue: real[name],
  }));
}

/** Measures the server that the kubeconfig file names, which has no pods in `default`. */
async function measureServer(kubeconfig: string): Promise<Values> {
  const send = sender(kubeconfig);
  await send('POST', '/api/v1/namespaces/default/serviceaccounts', 201, '{"metadata":{"name":"default"}}');
  const create = (index: number) => send('POST', PODS, 201, pod(`p-${index}`, index % 10 === 0 ? 'a' : 'b'));
  await perSecond(1, WIDTH, (index) => create(10_000 + index));
  return {
    'serve.create': await perSecond(SINGLE, 1, create),
    'serve.create.8-wide': await perSecond(WIDE, WIDTH, (index) => create(SINGLE + index)),
    'serve.get.8-wide': await perSecond(WIDE, WIDTH, (index) => send('GET', `${PODS}/p-${index}`, 200)),
    'serve.merge-patch.8-wide': await perSecond(WIDE, WIDTH, (index) =>
      send('PATCH', `${PODS}/p-${index}`, 200, `{"metadata":{"labels":{"n":"${index}"}}}`),
    ),
    'serve.list.2300': await milliseconds(() => send('GET', '/api/v1/pods', 200)),
    'serve.list.by-label': await milliseconds(() => send('GET', '/api/v1/pods?labelSelector=app%3Da', 200)),
  };
}

/** Sends a request and reads its answer; rejects for another status than `wanted`. */
function sender(kubeconfig: string) {
  const text = readFileSync(kubeconfig, 'utf8');
  const word = (name: string) => new RegExp(`${name}: "?([^\\s",}]+)`).exec(text)![1]!;
  const data = (name: string) => Buffer.from(word(`${name}-data`), 'base64');
  const agent = new Agent({
    keepAlive: true,
    maxSockets: WIDTH,
    ca: data('certificate-authority'),
    cert: data('client-certificate'),
    key: data('client-key'),
  });
  return (method: string, path: string, wanted: number, body = ''): Promise<void> =>
    new Promise((resolve, reject) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
      const sent = request(new URL(path, word('server')), { method, agent, headers }, (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === wanted) resolve();
          else reject(new Error(`${method} ${path}: ${response.statusCode}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** How many a second when `count` are done, `width` at a time. */
async function perSecond(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return (count / (performance.now() - started)) * 1000;
}

/** The best of a few: a list is measured by what it costs, not by what else the machine does. */
async function milliseconds(work: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < 7; run++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
