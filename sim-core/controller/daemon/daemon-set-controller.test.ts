import { expect, test } from 'vitest';
import { openLab } from '../../testing/lab.ts';

const PODS = '/api/v1/namespaces/default/pods';
const SETS = '/apis/apps/v1/namespaces/default/daemonsets';

const daemonSet = (image: string, rollingUpdate: object) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image }] },
    },
  },
});

async function openAgents(rollingUpdate: object) {
  const lab = await openLab();
  await lab.apply(daemonSet('nginx:1.26', rollingUpdate));
  await lab.pass(5);
  const images = async () =>
    ((await lab.get(PODS))['items'] as { spec: { containers: { image: string }[] } }[])
      .map(({ spec }) => spec.containers[0]!.image)
      .sort();
  return { ...lab, images };
}

test('makes a new pod beside each old one while it surges, and keeps the old ones if it does not work', async () => {
  const { sh, pass, images, get } = await openAgents({ maxSurge: 1, maxUnavailable: 0 });
  await sh('kubectl set image daemonset/agent c=registry.invalid/nothing:1');
  await pass(5);
  expect(await images()).toEqual(['nginx:1.26', 'nginx:1.26', 'registry.invalid/nothing:1']);
  expect((await get(`${SETS}/agent`))['status']).toMatchObject({ numberAvailable: 2 });
  await sh('kubectl set image daemonset/agent c=nginx:1.27');
  await pass(20);
  expect(await images()).toEqual(['nginx:1.27', 'nginx:1.27']);
});

test('replaces one pod after the other without a surge', async () => {
  const { sh, pass, images } = await openAgents({ maxUnavailable: 1 });
  await sh('kubectl set image daemonset/agent c=nginx:1.27');
  await pass(20);
  expect(await images()).toEqual(['nginx:1.27', 'nginx:1.27']);
});

test('adopts a pod that comes with its labels, and deletes it where there is an older one', async () => {
  const { apply, pass, eventsOf } = await openAgents({ maxUnavailable: 1 });
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'orphan', labels: { app: 'agent' } },
    spec: {
      nodeName: 'node01',
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'c', image: 'nginx' }],
    },
  });
  await pass(3);
  expect(await eventsOf('agent')).toContain('Normal SuccessfulDelete Deleted pod: orphan');
});
