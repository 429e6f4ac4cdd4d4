import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { LAB_SEED } from './protocol.ts';
import { answer } from './questions.ts';
import { createCluster } from './simulator.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const RESTORE = 'etcdutl snapshot restore /opt/backup/etcd-previous.db --data-dir /var/lib/etcd-restore';
const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';

test.each([
  ['with revisions that go back', '', (revision: number, before: number) => revision < before],
  [
    'with revisions that are moved on',
    '--bump-revision 1000000000 --mark-compacted',
    (revision: number) => revision > 1_000_000_000,
  ],
])('follows an etcd that is restored, %s', async (_, flags, isExpected) => {
  const lab = await Lab.open(
    { createCluster, settle, realTime: () => performance.now() },
    { id: 'page', shape: 'kubeadm', seed: LAB_SEED, scenario: 'etcd-restore' },
  );
  const run = (code: string) => lab.run({ id: '', kind: 'bash', code, user: 'kubernetes-admin' });
  await run('kubectl create configmap before -n prod');
  const { revision, past } = lab.status;
  expect([past, lab.history.changes.at(-1)?.modRevision]).toEqual([0, revision]);
  await run(`${RESTORE} ${flags}`);
  await run(`sed -i 's|path: /var/lib/etcd$|path: /var/lib/etcd-restore|' ${MANIFEST}; sleep 5`);
  expect(lab.status.past).toBe(1);
  expect(isExpected(lab.history.first, revision)).toBe(true);
  await run('kubectl create configmap after -n prod');
  const keys = lab.history.changes.map(({ key }) => key);
  expect(keys).toContain('/registry/configmaps/prod/after');
  expect(keys).not.toContain('/registry/configmaps/prod/before');
  expect(lab.history.changes.every(({ modRevision }) => modRevision > lab.history.first)).toBe(true);
  // What the panel of etcd asks for when there is another past.
  const base = (await answer(lab, { kind: 'keys', revision: lab.history.first })) as readonly {
    key: string;
  }[];
  expect(base.map(({ key }) => key)).toContain('/registry/deployments/prod/web');
  lab.close();
});

test('goes on with an etcd that was out of reach', async () => {
  const lab = await Lab.open(
    { createCluster, settle, realTime: () => performance.now() },
    { id: 'page', shape: 'kubeadm', seed: LAB_SEED },
  );
  const run = (code: string) => lab.run({ id: '', kind: 'bash', code, user: 'kubernetes-admin' });
  await run(
    `sed -i 's|listen-client-urls=.*|listen-client-urls=https://127.0.0.1:2479|' ${MANIFEST}; sleep 30`,
  );
  await run(
    `sed -i 's|listen-client-urls=.*|listen-client-urls=https://127.0.0.1:2379,https://172.30.1.2:2379|' ${MANIFEST}; sleep 120`,
  );
  await run('kubectl create configmap after');
  expect(lab.status.past).toBe(0);
  expect(lab.history.changes.map(({ key }) => key)).toContain('/registry/configmaps/default/after');
  lab.close();
});
