import { expect, test } from 'vitest';
import { openLab } from '../../testing/lab.ts';

const SECRETS = '/api/v1/namespaces/default/secrets';

const secretOf = (name: string, account: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, annotations: { 'kubernetes.io/service-account.name': account } },
  type: 'kubernetes.io/service-account-token',
});

test('fills the secret of an account with a token that is good, and deletes it with the account', async () => {
  const lab = await openLab();
  await lab.sh('kubectl create serviceaccount robot');
  await lab.apply(secretOf('robot-token', 'robot'));
  await lab.pass(1);
  const { data } = (await lab.get(`${SECRETS}/robot-token`)) as unknown as { data: Record<string, string> };
  expect(Object.keys(data).sort()).toEqual(['ca.crt', 'namespace', 'token']);
  const { clock } = lab.cluster;
  const answer = await clock.until(
    lab.cluster.request({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${atob(data['token']!)}`,
      },
      body: '{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}',
    }),
  );
  expect(answer.body).toContain('"username":"system:serviceaccount:default:robot"');
  await lab.sh('kubectl delete serviceaccount robot');
  await lab.pass(1);
  await expect(lab.get(`${SECRETS}/robot-token`)).rejects.toThrow('404');
});

test('deletes a secret whose account is not there', async () => {
  const lab = await openLab();
  await lab.apply(secretOf('stray', 'nobody'));
  await lab.pass(1);
  await expect(lab.get(`${SECRETS}/stray`)).rejects.toThrow('404');
});
