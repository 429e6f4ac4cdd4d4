import { beforeEach, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../../testing/lab.ts';

const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims';
const volume = (name: string, storage: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: `/data/${name}` },
    ...spec,
  },
});
const claim = (name: string, storage: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
});

describe('PersistentVolumeController', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  const phaseOf = async (path: string) => (await lab.get(path))['status'].phase as string;
  const volumePhase = (name: string) => phaseOf(`/api/v1/persistentvolumes/${name}`);

  it('binds a claim to the smallest volume that is large enough', async () => {
    for (const [name, size] of [
      ['small', '1Gi'],
      ['large', '10Gi'],
      ['medium', '5Gi'],
    ] as const) {
      await lab.apply(volume(name, size));
    }
    await lab.pass(1);
    expect(await volumePhase('large')).toBe('Available');
    await lab.apply(claim('data', '2Gi'));
    await lab.pass(1);
    const bound = await lab.get(`${CLAIMS}/data`);
    expect(bound['spec'].volumeName).toBe('medium');
    expect(bound['status']).toMatchObject({ phase: 'Bound', capacity: { storage: '5Gi' } });
    expect(bound.metadata.annotations).toMatchObject({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    expect(await volumePhase('medium')).toBe('Bound');
    expect(await volumePhase('small')).toBe('Available');
  });

  it('binds a claim that came together with its volume at the next look', async () => {
    await lab.apply(volume('disk', '1Gi'));
    await lab.apply(claim('data', '1Gi'));
    await lab.pass(16);
    expect(await phaseOf(`${CLAIMS}/data`)).toBe('Bound');
  });

  it('keeps the volume of a claim that is gone, and the claim while a pod uses it', async () => {
    await lab.apply(volume('disk', '1Gi'));
    await lab.pass(1);
    await lab.apply(claim('data', '1Gi'));
    const pod = {
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'd', mountPath: '/d' }] }],
        volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
      },
    };
    await lab.pass(1);
    await lab.sh(`kubectl run user --image=nginx --overrides='${JSON.stringify(pod)}'`);
    await lab.pass(3);
    await lab.sh('kubectl delete pvc data --wait=false');
    await lab.pass(5);
    expect(await lab.sh('kubectl get pvc data')).toContain('Terminating');
    await lab.sh('kubectl delete pod user');
    await lab.pass(3);
    expect(await lab.sh('kubectl get pvc data')).toContain('NotFound');
    expect(await volumePhase('disk')).toBe('Released');
    // The server itself is asked once whether the claim is really gone.
    const looks = lab.cluster.trace
      .filter((event) => event.type === 'request-received')
      .filter(({ userAgent, verb, object }) => {
        const isClaim = object?.resource === 'persistentvolumeclaims' && object.name === 'data';
        return userAgent.includes('persistent-volume-binder') && isClaim && verb === 'get';
      });
    expect(looks).toHaveLength(1);
    await lab.sh('kubectl delete pv disk');
    expect(await lab.sh('kubectl get pv disk')).toContain('NotFound');
  });

  it.each([
    [
      'no class and no volume',
      {},
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'a class that is not there',
      { storageClassName: 'fast' },
      'Warning ProvisioningFailed storageclass.storage.k8s.io "fast" not found',
    ],
    [
      'a class whose volumes somebody else makes',
      { storageClassName: 'outside' },
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'example.com/disk' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ],
    [
      'a class that waits for a pod',
      { storageClassName: 'later' },
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ],
  ])('leaves a claim with %s pending, and says why', async (_, spec, event) => {
    const storageClass = (name: string, more: object) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      ...more,
    });
    await lab.apply(storageClass('outside', { provisioner: 'example.com/disk' }));
    await lab.apply(
      storageClass('later', {
        provisioner: 'kubernetes.io/no-provisioner',
        volumeBindingMode: 'WaitForFirstConsumer',
      }),
    );
    await lab.apply(claim('data', '1Gi', spec));
    await lab.pass(1);
    expect(await phaseOf(`${CLAIMS}/data`)).toBe('Pending');
    expect((await lab.eventsOf('data'))[0]).toBe(event);
  });

  it('gives a claim the default class that came after it', async () => {
    await lab.apply(claim('early', '1Gi'));
    await lab.apply(claim('none', '1Gi', { storageClassName: '' }));
    await lab.pass(1);
    await lab.apply({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'late', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'example.com/disk',
    });
    await lab.pass(16);
    expect((await lab.get(`${CLAIMS}/early`))['spec'].storageClassName).toBe('late');
    expect((await lab.get(`${CLAIMS}/none`))['spec'].storageClassName).toBe('');
    expect((await lab.eventsOf('early')).at(-1)).toMatch(/^Normal ExternalProvisioning Waiting for a volume/);
  });

  it('says of a volume that was set aside for a claim of another mode that they do not fit', async () => {
    await lab.apply(claim('data', '1Gi', { volumeMode: 'Block' }));
    await lab.pass(1);
    const { uid } = (await lab.get(`${CLAIMS}/data`)).metadata;
    await lab.apply(volume('disk', '1Gi', { claimRef: { name: 'data', namespace: 'default', uid } }));
    await lab.pass(1);
    expect(await phaseOf(`${CLAIMS}/data`)).toBe('Pending');
    expect(await lab.eventsOf('disk')).toEqual([
      'Warning VolumeMismatch Cannot bind PersistentVolume to requested PersistentVolumeClaim "data" due to incompatible volumeMode.',
    ]);
    expect((await lab.eventsOf('data')).at(-1)).toBe(
      'Warning VolumeMismatch Cannot bind PersistentVolume "disk" to requested PersistentVolumeClaim due to incompatible volumeMode.',
    );
  });

  it('says that a bound claim has lost its volume', async () => {
    await lab.apply(volume('disk', '1Gi'));
    await lab.pass(1);
    await lab.apply(claim('data', '1Gi'));
    await lab.pass(1);
    await lab.sh(`kubectl patch pv disk --type=merge -p '{"metadata":{"finalizers":null}}'`);
    await lab.sh('kubectl delete pv disk --wait=false');
    await lab.sh(`kubectl patch pv disk --type=merge -p '{"metadata":{"finalizers":null}}'`);
    await lab.pass(1);
    expect(await phaseOf(`${CLAIMS}/data`)).toBe('Lost');
    expect((await lab.eventsOf('data')).at(-1)).toBe(
      'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  });
});
