import { expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { createCluster } from './create-cluster.ts';

/** What only the library reads: no plain YAML. */
const MANIFEST = `apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: default}
spec:
  containers: [{name: main, image: "busybox:1.36", command: [sleep, "86399"]}]
`;

it('a kubelet that starts again finds the static pods that ran, however their manifests are written', async () => {
  const { clock, components, machines } = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const { files, processes } = machines.get('node01')!;
  files.makeDirectory('/etc/kubernetes/manifests', { parents: true });
  files.write('/etc/kubernetes/manifests/probe.yaml', MANIFEST);
  const sleeping = () => processes.list().filter(({ command }) => command[1] === '86399');
  await clock.advance(10_000);
  const before = sleeping();
  expect(before).toHaveLength(1);
  components.stop('kubelet', 'node01');
  await clock.advance(5000);
  components.start('kubelet', 'node01');
  await clock.advance(60_000);
  expect(sleeping().map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
});
