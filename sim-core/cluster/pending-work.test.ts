import { beforeAll, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint.ts';
import type { Cluster } from './cluster.ts';
import { bootCluster, createCluster } from './create-cluster.ts';
import { pendingWork } from './pending-work.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
let checkpoint: Checkpoint;
beforeAll(async () => {
  checkpoint = await bootCluster({ shape: 'kubeadm', seed: 1, settle });
});

const newCluster = () => createCluster({ shape: 'kubeadm', seed: 1, settle, checkpoint });
const run = (cluster: Cluster, line: string) => cluster.clock.until(cluster.openShell().run(line));
/** What is pending, with the seconds until it is due. */
async function pending(cluster: Cluster): Promise<string[]> {
  const now = cluster.clock.now();
  return (await pendingWork(cluster)).map(({ kind, object, status = '', due }) =>
    [kind, object, status, due === undefined ? '' : Math.round((due - now) / 1000)].join(' ').trim(),
  );
}

it('is nothing in a cluster at rest', async () => {
  const cluster = await newCluster();
  await cluster.clock.untilQuiet(60_000);
  expect(await pending(cluster)).toEqual([]);
});

it('tells of a node whose kubelet is gone, then of the pods that must leave it', async () => {
  const cluster = await newCluster();
  const { clock, components } = cluster;
  await run(cluster, 'kubectl create deployment web --image=nginx');
  await clock.untilQuiet(60_000);
  const { stdout } = await run(cluster, "kubectl get pods -o jsonpath='{.items[0].spec.nodeName}'");
  const { stdout: name } = await run(cluster, "kubectl get pods -o jsonpath='{.items[0].metadata.name}'");
  components.stop('kubelet', stdout);
  await clock.advance(1000);
  const [silent, ...rest] = await pending(cluster);
  expect(silent).toMatch(new RegExp(`^not-ready ${stdout}  (?:4\\d|3[89])$`));
  expect(rest).toEqual([]);

  await clock.advance(60_000);
  expect(await pending(cluster)).toContainEqual(
    expect.stringMatching(new RegExp(`^eviction default/${name}  2[89]\\d$`)),
  );

  // Without who would notice, nothing comes of it.
  components.stop('kube-controller-manager', 'controlplane');
  await clock.advance(30_000);
  expect(await pending(cluster)).toEqual([]);
});

it('tells of pods on their way, of those that are tried again and of those that end', async () => {
  const cluster = await newCluster();
  const { clock } = cluster;
  await run(cluster, 'kubectl run web --image=nginx');
  await clock.advance(200);
  expect(await pending(cluster)).toEqual(['start default/web ContainerCreating']);
  await clock.untilQuiet(60_000);
  await run(cluster, 'kubectl run broken --image=busybox -- false');
  await clock.advance(15_000);
  expect(await pending(cluster)).toEqual(['retry default/broken CrashLoopBackOff']);
  await run(cluster, 'kubectl delete pod broken --now');
  await run(cluster, 'kubectl run slow --image=busybox -- sleep 3600');
  await clock.untilQuiet(60_000);
  await run(cluster, 'kubectl delete pod slow --wait=false');
  expect(await pending(cluster)).toEqual(['termination default/slow Terminating 30']);
});

it('tells when a CronJob runs next', async () => {
  const cluster = await newCluster();
  await run(cluster, "kubectl create cronjob hello --image=busybox --schedule='*/5 * * * *' -- date");
  await cluster.clock.untilQuiet(60_000);
  expect((await pending(cluster))[0]).toMatch(/^run default\/hello {2}\d+$/);
  await run(cluster, `kubectl patch cronjob hello -p '{"spec":{"suspend":true}}'`);
  await cluster.clock.untilQuiet(60_000);
  expect(await pending(cluster)).toEqual([]);
});
