import { expect, test } from 'vitest';
import { openLab } from '../../../testing/lab.ts';

test("makes the claim of a pod's ephemeral volume, which goes with the pod", async () => {
  const lab = await openLab();
  const accessModes = ['ReadWriteOnce'];
  const storageClassName = 'manual';
  await lab.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '1Gi' }, accessModes, storageClassName, hostPath: { path: '/tmp' } },
  });
  const spec = { accessModes, storageClassName, resources: { requests: { storage: '1Gi' } } };
  const volumeClaimTemplate = { metadata: { labels: { x: 'y' } }, spec };
  await lab.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate } }],
    },
  });
  await lab.pass(5);
  expect(await lab.get('/api/v1/namespaces/default/persistentvolumeclaims/p-data')).toMatchObject({
    metadata: { labels: { x: 'y' }, ownerReferences: [{ kind: 'Pod', name: 'p', controller: true }] },
    status: { phase: 'Bound' },
  });
  expect(await lab.get('/api/v1/namespaces/default/pods/p')).toMatchObject({ status: { phase: 'Running' } });
  await lab.sh('kubectl delete pod p --now');
  await lab.pass(5);
  await expect(lab.get('/api/v1/namespaces/default/persistentvolumeclaims/p-data')).rejects.toThrow('404');
});
