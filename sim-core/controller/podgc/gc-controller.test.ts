import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

const pod = (name: string, spec: object, finalizers: string[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, finalizers },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});

describe('PodGarbageCollector', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });

  const get = (name: string) => lab.get(`/api/v1/namespaces/default/pods/${name}`);

  it('fails and deletes a pod that was deleted before it had a node', async () => {
    await lab.apply(pod('waits', { nodeSelector: { none: 'such' } }, ['example.com/hold']));
    await lab.sh('kubectl delete pod waits --wait=false');
    await lab.pass(25);
    const { status } = await get('waits');
    expect(status.phase).toBe('Failed');
    expect(status.conditions.map(({ type }: KubeObject) => type as unknown)).toEqual(['PodScheduled']);
  });

  it('says why a pod went with its node, once the server says that the node is gone', async () => {
    await lab.apply(pod('lost', { nodeName: 'node02' }, ['example.com/hold']));
    await lab.pass(5);
    await lab.sh('ssh node02 systemctl stop kubelet');
    await lab.sh('kubectl delete node node02');
    await lab.pass(70);
    const { status } = await get('lost');
    expect(status.phase).toBe('Failed');
    expect(status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        reason: 'DeletionByPodGC',
        message: 'PodGC: node no longer exists',
      }),
    );
    const asked = lab.cluster.trace.filter(
      (event) =>
        event.type === 'request-received' &&
        event.verb === 'get' &&
        event.path.endsWith('/nodes/node02') &&
        event.userAgent.includes('pod-garbage-collector'),
    );
    expect(asked).not.toEqual([]);
  });

  it('lets terminating pods go from a node that is out of service', async () => {
    await lab.apply(pod('stuck', { nodeName: 'node02' }));
    await lab.pass(5);
    await lab.sh('ssh node02 systemctl stop kubelet');
    await lab.pass(60);
    await lab.sh('kubectl delete pod stuck --wait=false');
    await lab.pass(40);
    expect((await get('stuck')).metadata.deletionTimestamp).toBeDefined();
    await lab.sh('kubectl taint node node02 node.kubernetes.io/out-of-service=nodeshutdown:NoSchedule');
    await lab.pass(25);
    expect(await lab.sh('kubectl get pod stuck')).toContain('not found');
  });
});
