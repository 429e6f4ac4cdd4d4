import { bootCluster, createCluster } from 'sim-core';
import type { Checkpoint } from 'sim-core';
import type { Benchmark } from './measure.mts';
import { cpuOf, median, settle } from './measure.mts';
import { loadWebernetes, WEBERNETES } from './webernetes.mts';

/** Workers of the cluster; a kubelet takes 110 pods. */
const NODES = 10;
const LAB = { shape: 'kubeadm', seed: 1, settle, workers: NODES } as const;
let saved: Promise<string> | undefined;

/** CPU milliseconds from `kubectl create deployment` until all pods are ready. */
async function rollOut(replicas: number): Promise<number> {
  saved ??= bootCluster(LAB).then((checkpoint) => JSON.stringify(checkpoint));
  const cluster = await createCluster({ ...LAB, checkpoint: JSON.parse(await saved) as Checkpoint });
  // Its components go on when time first moves.
  await cluster.clock.advance(1000);
  const shell = cluster.openShell();
  const run = async (line: string) => {
    const { exit, stderr } = await cluster.clock.until(shell.run(line));
    if (exit !== 0) throw new Error(`${line}: ${stderr}`);
  };
  return cpuOf(async () => {
    await run(`kubectl create deployment web --image=nginx --replicas=${replicas}`);
    await run('kubectl rollout status deployment/web --timeout=600s');
  });
}

/** The same with the rival, until all pods are Running; it lives in real time, so only its CPU counts. */
async function rivalRollsOut(replicas: number): Promise<number> {
  const { Cluster, BaseImage } = await loadWebernetes();
  class Server extends BaseImage {
    static readonly imageName = 'nginx';
    static readonly imageVersion = '1.0';
    readonly defaultCommand = ['nginx'];
    override exec(context: Parameters<InstanceType<typeof BaseImage>['exec']>[0]): Promise<number> {
      return context.waitUntilKilled();
    }
  }
  const cluster = new Cluster({ nodes: NODES });
  cluster.registerImage(Server);
  await cluster.init();
  const labels = { app: 'web' };
  const used = await cpuOf(async () => {
    const running = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      cluster.informer('pods', (_type, { metadata, status }) => {
        if (metadata?.labels?.['app'] === 'web' && status?.phase === 'Running') running.add(metadata.name!);
        if (running.size === replicas) resolve();
      });
      cluster
        .apply([
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'web', namespace: 'default' },
            spec: {
              replicas,
              selector: { matchLabels: labels },
              template: {
                metadata: { labels },
                spec: { containers: [{ name: 'nginx', image: 'nginx:1.0' }] },
              },
            },
          },
        ])
        .catch(reject);
    });
  });
  await cluster.close();
  return used;
}

/** A Deployment on ten nodes, from the command to the last pod. */
export const rolloutBenchmarks: readonly Benchmark[] = [
  { replicas: 100, runs: 5 },
  { replicas: 1000, runs: 3 },
].map(({ replicas, runs }) => ({
  name: `cluster.rollout-${replicas}`,
  run: async () => {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(await rollOut(replicas));
    return [
      {
        name: `cluster.rollout-${replicas}`,
        value: median(values),
        unit: 'ms CPU',
        peer: WEBERNETES,
        peerValue: await rivalRollsOut(replicas),
      },
    ];
  },
}));
