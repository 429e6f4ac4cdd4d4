import type { Cluster } from '../../sim-core/index.ts';
import { createCluster } from '../../sim-core/index.ts';
import type { Benchmark, Measurement } from './measure.mts';
import { settle } from './measure.mts';

const OBJECTS = 10_000;
const WATCHES = 1000;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

/** A kube-apiserver in memory, by requests as any client sends them. */
export const apiserverBenchmarks: readonly Benchmark[] = [
  {
    name: 'apiserver.requests',
    run: async () => {
      const cluster = await bareServer();
      const send = sender(cluster);
      const rate = async (work: (index: number) => Promise<unknown>) => {
        const started = performance.now();
        for (let index = 0; index < OBJECTS; index++) await work(index);
        return (OBJECTS / (performance.now() - started)) * 1000;
      };
      const create = await rate((index) => send('POST', CONFIG_MAPS, configMap(`c-${index}`)));
      const get = await rate((index) => send('GET', `${CONFIG_MAPS}/c-${index}`));
      const started = performance.now();
      await send('GET', CONFIG_MAPS);
      const list = performance.now() - started;
      return [
        { name: 'apiserver.create', value: create, unit: '1/s' },
        { name: 'apiserver.get', value: get, unit: '1/s' },
        { name: 'apiserver.list.10000', value: list, unit: 'ms' },
      ];
    },
  },
  {
    name: 'apiserver.watch-fan-out',
    run: async (): Promise<Measurement[]> => {
      const cluster = await bareServer();
      const send = sender(cluster);
      let seen = 0;
      for (let index = 0; index < WATCHES; index++) {
        const { body } = await send('GET', `${CONFIG_MAPS}?watch=1`);
        if (typeof body === 'string') throw new Error(body);
        void (async () => {
          for await (const _line of body) seen++;
        })();
      }
      const started = performance.now();
      for (let index = 0; index < OBJECTS; index++) await send('POST', CONFIG_MAPS, configMap(`c-${index}`));
      while (seen < OBJECTS * WATCHES) await settle();
      const seconds = (performance.now() - started) / 1000;
      return [{ name: 'apiserver.watch-fan-out', value: (OBJECTS * WATCHES) / seconds, unit: 'events/s' }];
    },
  },
];

const bareServer = (): Promise<Cluster> => createCluster({ shape: 'apiserver', seed: 1, settle });

function sender(cluster: Cluster) {
  const { certificate } = cluster.credentials.get('kubernetes-admin')!;
  return async (method: string, path: string, body = '') => {
    const headers = { 'content-type': 'application/json' };
    const request = { method, path, headers, body, ...(certificate && { certificate }) };
    const response = await cluster.clock.until(cluster.request(request));
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status}`);
    return response;
  };
}

const configMap = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: 'value' } });
