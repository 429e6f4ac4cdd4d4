import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

/** Who wrote which node's taints when, in seconds after the start. */
const writes = (lab: Lab, start: number) =>
  lab.cluster.trace
    .filter((event) => event.type === 'request-received')
    .filter(({ userAgent, object }) => userAgent.includes('node-controller') && object?.resource === 'nodes')
    .map(({ time, verb, object }) => ({ at: (time - start) / 1000, verb, node: object!.name! }));

describe('NodeLifecycleController', () => {
  let lab: Lab;
  let start: number;
  beforeAll(async () => {
    lab = await openLab();
    await lab.sh('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"node01"}}\'');
    await lab.pass(10);
    start = lab.cluster.clock.now();
    for (const node of ['node01', 'node02']) await lab.sh(`ssh ${node} systemctl stop kubelet`);
    await lab.pass(90);
  });

  it('taints a silent node so that nothing comes, and by itself so that pods go, one node after the other', async () => {
    const taints = async (name: string) =>
      ((await lab.get(`/api/v1/nodes/${name}`))['spec'].taints as KubeObject[]).map(
        ({ key, effect, timeAdded }) => ({ key, effect, timeAdded: Date.parse(String(timeAdded)) }),
      );
    const [first, second] = [await taints('node01'), await taints('node02')];
    for (const list of [first, second]) {
      expect(list.map(({ key, effect }) => `${String(key)}:${String(effect)}`)).toEqual([
        'node.kubernetes.io/unreachable:NoSchedule',
        'node.kubernetes.io/unreachable:NoExecute',
      ]);
    }
    expect(Math.abs(first[1]!.timeAdded - second[1]!.timeAdded)).toBe(10_000);
    const own = writes(lab, start).filter(({ node }) => node === 'node01');
    // The status; then for each of the taints a look before the write.
    expect(own.map(({ verb }) => verb)).toEqual(['update', 'get', 'patch', 'get', 'patch']);
  });

  it('says of its pods that they are not ready, in an update of the whole status', async () => {
    const { status } = await lab.get('/api/v1/namespaces/default/pods/web');
    const ready = status.conditions.find(({ type }: { type: string }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False' });
    expect(ready.reason).toBeUndefined();
    expect(await lab.eventsOf('web')).toContain('Warning NodeNotReady Node is not ready');
  });

  it('names a node in its events, and no version of it', async () => {
    const { items } = await lab.get('/api/v1/namespaces/default/events');
    const about = (items as KubeObject[])
      .filter(({ reason }) => (reason as unknown) === 'NodeNotReady')
      .map(({ involvedObject }) => involvedObject as KubeObject)
      .filter(({ kind }) => kind === 'Node');
    expect(about.map((reference) => Object.keys(reference).sort())).toEqual([
      ['apiVersion', 'kind', 'name', 'uid'],
      ['apiVersion', 'kind', 'name', 'uid'],
    ]);
  });

  it('takes the taints back when a node is heard of again', async () => {
    await lab.sh('ssh node01 systemctl start kubelet');
    await lab.pass(20);
    expect((await lab.get('/api/v1/nodes/node01'))['spec'].taints).toBeUndefined();
  });
});

describe('NodeLifecycleController without a ready node', () => {
  const NODES = ['controlplane', 'node01', 'node02'];
  const NO_EXECUTE = 'node.kubernetes.io/unreachable:NoExecute';
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.sh('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"node01"}}\'');
    await lab.pass(10);
    await lab.sh('ssh node01 systemctl stop kubelet');
    await lab.pass(80);
  });
  const taintsOf = async (name: string) =>
    (((await lab.get(`/api/v1/nodes/${name}`))['spec'].taints ?? []) as KubeObject[]).map(
      ({ key, effect }) => `${String(key)}:${String(effect)}`,
    );

  it('takes evictions back and makes no more: it may be the one that is cut off', async () => {
    expect(await taintsOf('node01')).toContain(NO_EXECUTE);
    for (const node of NODES.filter((name) => name !== 'node01')) {
      await lab.sh(`ssh ${node} systemctl stop kubelet`);
    }
    await lab.pass(400);
    for (const node of NODES) {
      expect(await taintsOf(node)).toContain('node.kubernetes.io/unreachable:NoSchedule');
      expect(await taintsOf(node)).not.toContain(NO_EXECUTE);
    }
    const { metadata } = await lab.get('/api/v1/namespaces/default/pods/web');
    expect(metadata.deletionTimestamp).toBeUndefined();
  });

  it('goes on with the others when a node is heard of again', async () => {
    await lab.sh('ssh node02 systemctl start kubelet');
    await lab.pass(40);
    expect(await taintsOf('node02')).toEqual([]);
    expect(await taintsOf('node01')).toContain(NO_EXECUTE);
  });
});
