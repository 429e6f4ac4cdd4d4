import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../testing/lab.ts';

const PATH = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web';
const WHY =
  'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource ' +
  'metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
const autoscaler = (spec: object) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    maxReplicas: 3,
    ...spec,
  },
});

describe('HorizontalController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.sh('kubectl create deployment web --image=nginx --replicas=2');
    await lab.pass(5);
    await lab.apply(autoscaler({}));
  });

  it('says that nobody measures the pods', async () => {
    await lab.pass(20);
    const { status } = await lab.get(PATH);
    expect(status).toMatchObject({ currentReplicas: 2, desiredReplicas: 0 });
    expect(status.conditions).toMatchObject([
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'SucceededGetScale',
        message: "the HPA controller was able to get the target's current scale",
      },
      {
        type: 'ScalingActive',
        status: 'False',
        reason: 'FailedGetResourceMetric',
        message: `the HPA was unable to compute the replica count: ${WHY}`,
      },
    ]);
    const own = (await lab.eventsOf('web')).filter((event) => event.startsWith('Warning'));
    expect(own.sort()).toEqual([
      `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${WHY}`,
      `Warning FailedGetResourceMetric ${WHY}`,
    ]);
  });

  it('keeps the size within its limits, whatever is measured', async () => {
    await lab.sh('kubectl scale deployment web --replicas=5');
    await lab.pass(20);
    const { spec } = await lab.get('/apis/apps/v1/namespaces/default/deployments/web');
    expect(spec.replicas).toBe(3);
    expect(await lab.eventsOf('web')).toContain(
      'Normal SuccessfulRescale New size: 3; reason: Current number of replicas above Spec.MaxReplicas',
    );
  });

  it('does nothing for a workload that is turned off, and says so of one that is not there', async () => {
    await lab.sh('kubectl scale deployment web --replicas=0');
    await lab.pass(20);
    const off = (await lab.get(PATH))['status'].conditions;
    expect(off.at(-1)).toMatchObject({ type: 'ScalingActive', reason: 'ScalingDisabled' });
    await lab.sh('kubectl delete deployment web');
    await lab.pass(20);
    const gone = (await lab.get(PATH))['status'].conditions;
    expect(gone[0]).toMatchObject({
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedGetScale',
      message:
        'the HPA controller was unable to get the target\'s current scale: deployments/scale.apps "web" not found',
    });
  });
});
