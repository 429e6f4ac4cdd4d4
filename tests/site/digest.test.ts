import { performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { Lab } from '../../src/worker/lab.ts';
import type { CommandLog, HistoryDigest, LogEntry, ToPage } from '../../src/worker/protocol.ts';
import { LAB_SEED } from '../../src/worker/protocol.ts';
import { answer } from '../../src/worker/questions.ts';
import { bootCluster, createCluster } from '../../src/worker/simulator.ts';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();
const spec = { id: 'page', shape: 'kubeadm', seed: LAB_SEED } as const;

const entry = (at: number, kind: LogEntry['kind'], line: string, stdin = ''): LogEntry => ({
  ...{ at, user: 'kubernetes-admin', kind, line, stdin },
});

/** Every kind of thing that a log holds. */
const LOG: CommandLog = {
  v: 1,
  seed: LAB_SEED,
  entries: [
    entry(0, 'bash', 'kubectl create deployment web --image=nginx --replicas=3'),
    entry(2500.5, 'bash', 'kubectl expose deployment web --port=80'),
    entry(
      4000,
      'bash',
      'kubectl apply -f -',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n',
    ),
    entry(
      5000,
      'http',
      'PATCH /api/v1/namespaces/default/configmaps/c\nContent-Type: application/merge-patch+json\n\n{"data":{"한글":"값"}}',
    ),
    entry(6000, 'component', 'stop kube-scheduler controlplane'),
    entry(
      9000,
      'ts',
      "await kubectl('scale deployment web --replicas=5'); await etcd.put('/mine', String(Math.random())); await sleep('5s');",
    ),
    entry(20_000, 'component', 'start kube-scheduler controlplane'),
    entry(
      40_000,
      'bash',
      'kubectl delete pod --all --wait=false | wc -l; kubectl create token default; sleep 30',
    ),
    entry(90_000, 'bash', 'kubectl get pods -o yaml'),
  ],
};

/** The log's history in Node: a cluster that is booted here, not the one that the build saved. */
async function inNode(until: HistoryDigest): Promise<HistoryDigest> {
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const checkpoint = await bootCluster({ shape: spec.shape, seed: spec.seed, settle });
  const host = {
    createCluster: (config: Parameters<typeof createCluster>[0]) => createCluster({ ...config, checkpoint }),
    settle,
    realTime: () => performance.now(),
  };
  const lab = await Lab.open(host, spec, LOG);
  if (until.time > lab.status.time) await lab.advance(until.time - lab.status.time);
  return (await answer(lab, { kind: 'digest' })) as HistoryDigest;
}

describe.skipIf(site === undefined)('the same log and seed', () => {
  afterAll(() => site?.close());

  it('give a byte-equal history of etcd in Node and in the browser', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    // A worker of the page's own code, for this log alone.
    const script = page.workers()[0]!.url();
    const inBrowser = await page.evaluate(
      ([url, lab, log]) =>
        new Promise<HistoryDigest>((resolve, reject) => {
          const worker = new Worker(url);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
            if (data.type === 'failed') reject(new Error(data.message));
            if (data.type !== 'done') return;
            if (data.answer === undefined)
              worker.postMessage({ type: 'ask', id: 2, lab, question: { kind: 'digest' } });
            else {
              worker.terminate();
              resolve(data.answer as HistoryDigest);
            }
          };
          worker.postMessage({ type: 'open', id: 1, lab, log });
        }),
      [script, spec, LOG] as const,
    );
    expect(inBrowser.revision).toBeGreaterThan(500);
    expect(await inNode(inBrowser)).toEqual(inBrowser);
  });
});
