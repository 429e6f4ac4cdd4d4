import { expect, test } from 'vitest';
import { Rand } from '../../../../clock/rand.ts';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { ServiceAccount } from './admission.ts';

const plugin = new ServiceAccount({
  rand: new Rand(1),
  reader: readerOf({
    serviceaccounts: [
      { metadata: { name: 'default', namespace: 'x' }, imagePullSecrets: [{ name: 'reg' }] },
      { metadata: { name: 'quiet', namespace: 'x' }, automountServiceAccountToken: false },
    ],
  }),
});
const PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const podOf = (spec: object, annotations?: Record<string, string>) =>
  attributesOf({
    resource: 'pods',
    object: {
      metadata: { name: 'p', namespace: 'x', ...(annotations && { annotations }) },
      spec: { containers: [{ name: 'c' }], ...spec },
    },
  });

test('ServiceAccount: a pod gets the default account, its pull secrets and its token', async () => {
  const attributes = podOf({});
  await plugin.admit(attributes);
  const { spec } = attributes.object!;
  expect(spec).toMatchObject({
    serviceAccountName: 'default',
    serviceAccount: 'default',
    imagePullSecrets: [{ name: 'reg' }],
  });
  expect(spec.volumes[0].name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
  expect(spec.containers[0].volumeMounts).toEqual([
    { name: spec.volumes[0].name, readOnly: true, mountPath: PATH },
  ]);
});

test.each([
  ['the account does not want it', { serviceAccountName: 'quiet' }],
  ['the pod does not want it', { automountServiceAccountToken: false }],
  [
    'the container has something of its own there',
    { containers: [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: PATH }] }], volumes: [{ name: 'v' }] },
  ],
])('ServiceAccount: no token volume if %s', async (_name, spec) => {
  const attributes = podOf(spec);
  await plugin.admit(attributes);
  expect(JSON.stringify(attributes.object!.spec)).not.toContain('kube-api-access-');
});

test('ServiceAccount refuses a pod whose account is not there', async () => {
  await expect(plugin.admit(podOf({ serviceAccountName: 'ghost' }))).rejects.toThrow(
    'pods "p" is forbidden: error looking up service account x/ghost: serviceaccount "ghost" not found',
  );
});

test('ServiceAccount leaves a mirror pod alone, which may have no account', async () => {
  const mirror = { 'kubernetes.io/config.mirror': '1' };
  const attributes = podOf({}, mirror);
  await plugin.admit(attributes);
  expect(attributes.object!.spec.serviceAccountName).toBeUndefined();
  await expect(plugin.admit(podOf({ serviceAccountName: 'default' }, mirror))).rejects.toThrow(
    'a mirror pod may not reference service accounts',
  );
});
