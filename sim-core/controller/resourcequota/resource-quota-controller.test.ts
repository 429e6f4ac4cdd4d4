import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../testing/lab.ts';

describe('ResourceQuotaController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  const used = async () =>
    (await lab.get('/api/v1/namespaces/default/resourcequotas/q'))['status'].used as Record<string, string>;

  it('counts what is there, and what is given back', async () => {
    await lab.sh('kubectl create configmap before --from-literal=a=b');
    const hard = 'pods=3,requests.cpu=1,count/configmaps=3,count/deployments.apps=1';
    await lab.sh(`kubectl create quota q --hard=${hard}`);
    await lab.pass(1);
    expect(await used()).toEqual({
      'count/configmaps': '2',
      'count/deployments.apps': '0',
      pods: '0',
      'requests.cpu': '0',
    });
    const resources = JSON.stringify({
      spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '300m' } } }] },
    });
    await lab.sh(`kubectl run p --image=nginx --overrides='${resources}'`);
    await lab.pass(2);
    expect(await used()).toMatchObject({ pods: '1', 'requests.cpu': '300m' });
    await lab.sh('kubectl delete configmap before');
    await lab.sh('kubectl delete pod p --now');
    await lab.pass(3);
    expect(await used()).toMatchObject({ 'count/configmaps': '1', pods: '0', 'requests.cpu': '0' });
  });

  it('follows a quota that changes', async () => {
    await lab.sh(`kubectl patch quota q -p '{"spec":{"hard":{"secrets":"5"}}}'`);
    await lab.pass(1);
    expect(await used()).toHaveProperty('secrets', '0');
  });
});
