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

  it('counts claims by their class, and says nothing of what nobody measures', async () => {
    const claims = 'gold.storageclass.storage.k8s.io/persistentvolumeclaims';
    const storage = 'gold.storageclass.storage.k8s.io/requests.storage';
    await lab.sh(`kubectl create quota q2 --hard=${claims}=2,${storage}=5Gi,example.com/odd=3`);
    const claim = (storageClassName: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: storageClassName },
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await lab.apply(claim('gold'));
    await lab.apply(claim('iron'));
    // Without an admission that counts, the next look does.
    await lab.sh(`kubectl patch quota q2 -p '{"spec":{"hard":{"example.com/odd":"4"}}}'`);
    await lab.pass(1);
    const { status } = await lab.get('/api/v1/namespaces/default/resourcequotas/q2');
    expect(status.used).toEqual({ [claims]: '1', [storage]: '1Gi' });
  });

  it('counts objects of a kind that came later from the next look at all quotas on', async () => {
    await lab.sh('kubectl create quota q3 --hard=count/widgets.example.com=5');
    await lab.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        names: { plural: 'widgets', kind: 'Widget', singular: 'widget' },
        scope: 'Namespaced',
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    });
    await lab.pass(340);
    const widget = (name: string) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name } });
    for (const name of ['a', 'b']) await lab.apply(widget(name));
    await lab.pass(1);
    await lab.sh('kubectl delete widgets a');
    await lab.pass(1);
    const { status } = await lab.get('/api/v1/namespaces/default/resourcequotas/q3');
    expect(status.used).toEqual({ 'count/widgets.example.com': '1' });
  });
});
