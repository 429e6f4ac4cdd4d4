import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

describe('EndpointSliceController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.sh('kubectl run web --image=nginx --port=80');
    await lab.sh('kubectl expose pod web --name=web');
    await lab.pass(5);
  });
  const slices = async () =>
    (
      (await lab.get(`${SLICES}?labelSelector=kubernetes.io%2Fservice-name%3Dweb`))['items'] as KubeObject[]
    ).map(({ metadata, endpoints }) => ({
      name: metadata.name!,
      ready: (endpoints as { conditions: object }[] | null)?.map(({ conditions }) => conditions),
    }));
  const READY = [{ ready: true, serving: true, terminating: false }];

  it('gives a slice back what somebody else took out of it, a second later', async () => {
    const [slice] = await slices();
    expect(slice!.ready).toEqual(READY);
    await lab.sh(`kubectl patch endpointslice ${slice!.name} --type=merge -p '{"endpoints":[]}'`);
    expect((await slices())[0]!.ready ?? []).toEqual([]);
    await lab.pass(1.2);
    expect(await slices()).toEqual([slice]);
  });

  it('makes a slice again that somebody else deleted or took away', async () => {
    const [slice] = await slices();
    await lab.sh(`kubectl delete endpointslice ${slice!.name}`);
    await lab.pass(1.2);
    const [next] = await slices();
    expect(next!.ready).toEqual(READY);
    expect(next!.name).not.toBe(slice!.name);
    const label = 'endpointslice.kubernetes.io/managed-by=me';
    await lab.sh(`kubectl label endpointslice ${next!.name} --overwrite ${label}`);
    await lab.pass(1.2);
    expect(await slices()).toHaveLength(2);
  });
});
