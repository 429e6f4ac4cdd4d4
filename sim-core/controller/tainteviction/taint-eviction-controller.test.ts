import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

const pod = (name: string, tolerations: object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeName: 'node01',
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'nginx' }],
    tolerations,
  },
});
const forSeconds = (tolerationSeconds: number) => ({
  key: 'a',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});

describe('TaintEvictionController', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });

  /** Source, what it is about and what it says. */
  const said = async () =>
    ((await lab.get('/api/v1/namespaces/default/events'))['items'] as KubeObject[])
      .filter(({ reason }) => (reason as unknown) === 'TaintManagerEviction')
      .map(({ source, involvedObject, message }) => [
        (source as KubeObject)['component'],
        involvedObject,
        message,
      ]);
  const about = (name: string) => ({ kind: 'Pod', namespace: 'default', name, apiVersion: 'v1' });

  it('marks a pod before it deletes it, and says which by its name alone', async () => {
    await lab.apply({ ...pod('plain'), metadata: { name: 'plain', finalizers: ['example.com/hold'] } });
    await lab.pass(5);
    await lab.sh('kubectl taint node node01 a=b:NoExecute');
    await lab.pass(5);
    const { metadata, status } = await lab.get('/api/v1/namespaces/default/pods/plain');
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status.conditions).toContainEqual({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastProbeTime: null,
      lastTransitionTime: '2026-11-23T09:00:05Z',
    });
    expect(await said()).toEqual([
      ['taint-eviction-controller', about('plain'), 'Marking for deletion Pod default/plain'],
    ]);
  });

  it('takes a plan back when the taint goes or the pod does', async () => {
    await lab.apply(pod('stays', [forSeconds(100)]));
    await lab.apply(pod('leaves', [forSeconds(100)]));
    await lab.pass(5);
    await lab.sh('kubectl taint node node01 a=b:NoExecute');
    await lab.pass(1);
    await lab.sh('kubectl delete pod leaves --now');
    await lab.pass(3);
    await lab.sh('kubectl taint node node01 a-');
    await lab.pass(3);
    expect((await said()).map(([, , message]) => message)).toEqual([
      'Cancelling deletion of Pod default/leaves',
      'Cancelling deletion of Pod default/stays',
    ]);
  });

  it('gives a pod no more time for a second taint', async () => {
    await lab.apply(
      pod('short', [
        forSeconds(10),
        { key: 'b', operator: 'Exists', tolerationSeconds: 10, effect: 'NoExecute' },
      ]),
    );
    await lab.pass(5);
    await lab.sh('kubectl taint node node01 a=b:NoExecute');
    await lab.pass(6);
    await lab.sh('kubectl taint node node01 b=b:NoExecute');
    await lab.pass(6);
    expect(await lab.sh('kubectl get pods -o name')).not.toContain('pod/short');
  });
});
