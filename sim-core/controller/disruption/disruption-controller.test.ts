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
});
