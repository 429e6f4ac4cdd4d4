import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../testing/lab.ts';

describe('DisruptionController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.sh('kubectl create deployment web --image=nginx --replicas=4');
    await lab.sh('kubectl run lone --image=nginx --labels=app=lone');
    await lab.pass(5);
  });

  const status = async (name: string) => {
    await lab.pass(1);
    return (await lab.get(`/apis/policy/v1/namespaces/default/poddisruptionbudgets/${name}`))['status'];
  };

  it.each([
    ['--max-unavailable=25%', { expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 1 }],
    ['--max-unavailable=0', { expectedPods: 4, desiredHealthy: 4, disruptionsAllowed: 0 }],
    ['--min-available=2', { expectedPods: 4, desiredHealthy: 2, disruptionsAllowed: 2 }],
    ['--min-available=51%', { expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 1 }],
  ])('%s of a deployment with four pods', async (limit, expected) => {
    const name = `web${limit.replace(/[^a-z0-9]+/g, '-')}x`;
    await lab.sh(`kubectl create pdb ${name} --selector=app=web ${limit}`);
    const reason = expected.disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods';
    expect(await status(name)).toMatchObject({
      ...expected,
      currentHealthy: 4,
      observedGeneration: 1,
      conditions: [{ type: 'DisruptionAllowed', reason, message: '' }],
    });
    await lab.sh(`kubectl delete pdb ${name}`);
  });

  it('lets one pod go at a time, and the next one when another is ready', async () => {
    await lab.sh('kubectl create pdb web --selector=app=web --min-available=3');
    await lab.pass(1);
    const output = await lab.sh('kubectl drain node01 --ignore-daemonsets --force');
    expect(output).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    expect(output).toContain('node/node01 drained');
    await lab.pass(3);
    const after = await status('web');
    expect(after).toMatchObject({ currentHealthy: 4, disruptionsAllowed: 1 });
    expect(after.disruptedPods).toBeUndefined();
  });

  it('says so when there is no pod', async () => {
    await lab.sh('kubectl create pdb none --selector=app=none --max-unavailable=1');
    expect(await status('none')).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    expect(await lab.eventsOf('none')).toEqual(['Normal NoPods No matching pods found']);
  });

  it('says why it does not know how many pods there should be', async () => {
    const labels = { app: 'agent' };
    await lab.apply({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
      },
    });
    await lab.pass(2);
    await lab.sh('kubectl create pdb agent --selector=app=agent --max-unavailable=1');
    const { conditions, disruptionsAllowed, observedGeneration } = await status('agent');
    const message = 'daemonsets.apps does not implement the scale subresource';
    expect(conditions).toMatchObject([
      { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message },
    ]);
    expect({ disruptionsAllowed, observedGeneration }).toEqual({ disruptionsAllowed: 0 });
    expect(await lab.eventsOf('agent')).toContain(
      `Warning CalculateExpectedPodCountFailed Failed to calculate the number of expected pods: ${message}`,
    );
  });

  it('takes back that a pod is to go when it has not gone for two minutes', async () => {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      lastTransitionTime: '2026-11-23T09:00:00Z',
    };
    const patch = JSON.stringify({ status: { conditions: [condition] } });
    await lab.sh(`kubectl patch pod lone --subresource=status -p '${patch}'`);
    const target = async () =>
      (await lab.get('/api/v1/namespaces/default/pods/lone'))['status'].conditions.find(
        ({ type }: { type: string }) => type === 'DisruptionTarget',
      ).status;
    const since = (Date.parse(condition.lastTransitionTime) - lab.cluster.clock.now()) / 1000;
    await lab.pass(Math.max(1, since + 100));
    expect(await target()).toBe('True');
    await lab.pass(Math.max(1, since + 130));
    expect(await target()).toBe('False');
  });
});
