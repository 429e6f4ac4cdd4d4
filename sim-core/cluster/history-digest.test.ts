import { beforeAll, describe, expect, test } from 'vitest';
import { openLab } from '../testing/lab.ts';
import { bootCluster } from './create-cluster.ts';
import type { Checkpoint } from './checkpoint.ts';
import { historyDigest } from './history-digest.ts';
import { settle } from '../testing/settle.ts';

const LAB = { shape: 'kubeadm', settle } as const;

/** Things of every kind happen: the digest of all of them, from the lab's start on. */
async function digestOf(seed: number, checkpoint?: Checkpoint, lastLine = 'kubectl delete pod broken') {
  const lab = await openLab({ ...LAB, seed, ...(checkpoint !== undefined && { checkpoint }) });
  const { etcd, components } = lab.cluster;
  const { header } = await etcd.get({ key: 'a' });
  await lab.sh('kubectl create deployment web --image=nginx --replicas=3');
  await lab.sh('kubectl rollout status deployment/web');
  await lab.sh('kubectl set image deployment/web nginx=nginx:1.27');
  await lab.sh('kubectl run broken --image=nope:1');
  await lab.sh('kubectl create configmap settings --from-literal=a=한글');
  components.stop('kubelet', 'node02');
  await lab.pass(90);
  components.start('kubelet', 'node02');
  components.stop('kube-scheduler');
  await lab.sh('kubectl scale deployment/web --replicas=5');
  await lab.pass(20);
  components.start('kube-scheduler');
  await lab.pass(40);
  await lab.sh(lastLine);
  await lab.pass(5);
  return historyDigest(etcd, header.revision);
}

describe('the history of an etcd', () => {
  let booted: Checkpoint;
  let first: string;
  beforeAll(async () => {
    booted = await bootCluster({ ...LAB, seed: 1 });
    first = await digestOf(1, booted);
  });

  test('is the same to the byte for the same seed and the same log', async () => {
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    // Out of a file.
    expect(await digestOf(1, JSON.parse(JSON.stringify(booted)) as Checkpoint)).toBe(first);
  });

  test('is another one for another seed, and for another last command', async () => {
    expect(await digestOf(2)).not.toBe(first);
    expect(await digestOf(1, booted, 'kubectl delete pod broken --now')).not.toBe(first);
  });

  test('cannot be told of a revision that is compacted', async () => {
    const { cluster } = await openLab({ ...LAB, checkpoint: booted });
    await expect(historyDigest(cluster.etcd, 1)).rejects.toThrow('required revision has been compacted');
  });
});
