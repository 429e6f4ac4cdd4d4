import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

const NS = '/api/v1/namespaces/default';
const SET = '/apis/apps/v1/namespaces/default/statefulsets/db';
const set = (spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    replicas: 3,
    selector: { matchLabels: { app: 'db' } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'nginx:1.26' }] },
    },
    ...spec,
  },
});

describe('StatefulSetController', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });

  const pods = async () => (await lab.get(`${NS}/pods?labelSelector=app%3Ddb`))['items'] as KubeObject[];
  const names = async () => (await pods()).map(({ metadata }) => metadata.name);
  const images = async () => (await pods()).map(({ spec }) => spec.containers[0].image);

  it('makes pods in order, with names and places of their own', async () => {
    await lab.apply(set());
    await lab.pass(1);
    expect(await names()).toEqual(['db-0']);
    await lab.pass(10);
    expect(await names()).toEqual(['db-0', 'db-1', 'db-2']);
    const [first] = await pods();
    expect(first!['spec']).toMatchObject({ hostname: 'db-0', subdomain: 'db' });
    expect(first!.metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'db-0',
      'apps.kubernetes.io/pod-index': '0',
    });
    const { status } = await lab.get(SET);
    expect(status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 });
    expect(await lab.eventsOf('db')).toEqual(
      [0, 1, 2].map((n) => `Normal SuccessfulCreate create Pod db-${n} in StatefulSet db successful`),
    );
  });

  it('makes all pods at once when it is Parallel, and a lost one again', async () => {
    await lab.apply(set({ podManagementPolicy: 'Parallel' }));
    await lab.pass(0.5);
    expect(await names()).toEqual(['db-0', 'db-1', 'db-2']);
    await lab.pass(5);
    const [, before] = await pods();
    await lab.sh('kubectl delete pod db-1');
    await lab.pass(5);
    const [, after] = await pods();
    expect(after!.metadata.name).toBe('db-1');
    expect(after!.metadata.uid).not.toBe(before!.metadata.uid);
  });

  it('rolls out from the last pod to the partition, and back', async () => {
    await lab.apply(set({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }));
    await lab.pass(10);
    await lab.sh('kubectl set image sts/db c=nginx:1.27');
    await lab.pass(20);
    expect(await images()).toEqual(['nginx:1.26', 'nginx:1.27', 'nginx:1.27']);
    const { status } = await lab.get(SET);
    expect(status).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 });
    expect(status.currentRevision).not.toBe(status.updateRevision);
    await lab.sh(`kubectl patch sts db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`);
    await lab.pass(10);
    expect(await images()).toEqual(['nginx:1.27', 'nginx:1.27', 'nginx:1.27']);
    await lab.sh('kubectl rollout undo sts/db');
    await lab.pass(20);
    expect(await images()).toEqual(['nginx:1.26', 'nginx:1.26', 'nginx:1.26']);
    const revisions = await lab.get('/apis/apps/v1/namespaces/default/controllerrevisions');
    const own = (revisions['items'] as KubeObject[]).map(({ revision }) => Number(revision)).sort();
    expect(own).toEqual([2, 3]);
  });

  it('leaves pods alone OnDelete', async () => {
    await lab.apply(set({ updateStrategy: { type: 'OnDelete' } }));
    await lab.pass(10);
    await lab.sh('kubectl set image sts/db c=nginx:1.27');
    await lab.pass(10);
    expect(await images()).toEqual(['nginx:1.26', 'nginx:1.26', 'nginx:1.26']);
    await lab.sh('kubectl delete pod db-0');
    await lab.pass(10);
    expect(await images()).toEqual(['nginx:1.27', 'nginx:1.26', 'nginx:1.26']);
  });

  it('takes pods away from the end', async () => {
    await lab.apply(set());
    await lab.pass(10);
    await lab.sh('kubectl scale sts db --replicas=1');
    await lab.pass(10);
    expect(await names()).toEqual(['db-0']);
    const deletions = (await lab.eventsOf('db')).filter((event) => event.includes('SuccessfulDelete'));
    expect(deletions).toHaveLength(2);
  });

  it('gives each pod a claim, which stays or goes by the retention policy', async () => {
    const volumeClaimTemplates = [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ];
    const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
    await lab.apply(set({ replicas: 1, volumeClaimTemplates, persistentVolumeClaimRetentionPolicy }));
    await lab.pass(3);
    const claims = async () =>
      ((await lab.get(`${NS}/persistentvolumeclaims`))['items'] as KubeObject[]).map(
        ({ metadata }) => metadata,
      );
    const [claim] = await claims();
    expect(claim).toMatchObject({ name: 'data-db-0', labels: { app: 'db' } });
    expect(claim!.ownerReferences).toMatchObject([{ kind: 'StatefulSet', name: 'db' }]);
    const [pod] = await pods();
    expect(pod!['spec'].volumes[0]).toEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'data-db-0' },
    });
    await lab.sh('kubectl delete sts db');
    await lab.pass(10);
    expect(await claims()).toEqual([]);
  });
});
