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

describe('HorizontalController with metrics', () => {
  const METRICS = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: 'pods.metrics.k8s.io',
        annotations: { 'api-approved.kubernetes.io': 'unapproved, stands for a metrics server' },
      },
      spec: {
        group: 'metrics.k8s.io',
        scope: 'Namespaced',
        names: { plural: 'pods', kind: 'PodMetrics' },
        versions: [
          {
            name: 'v1beta1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const resources = { requests: { cpu: '100m' } };
    await lab.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'c', image: 'nginx', resources }] },
        },
      },
    });
    await lab.pass(310);
  });

  /** Says that each pod of the deployment uses so much. */
  const measure = async (cpu: string) => {
    const { items } = await lab.get('/api/v1/namespaces/default/pods');
    for (const { metadata } of items as { metadata: { name: string } }[]) {
      await lab.sh(`kubectl delete --raw ${METRICS}/${metadata.name}`);
      await lab.send('POST', METRICS, {
        apiVersion: 'metrics.k8s.io/v1beta1',
        kind: 'PodMetrics',
        metadata: { name: metadata.name, labels: { app: 'web' } },
        timestamp: new Date(lab.cluster.clock.now()).toISOString(),
        window: '15s',
        containers: [{ name: 'c', usage: { cpu } }],
      } as never);
    }
  };
  const conditions = async () =>
    ((await lab.get(PATH))['status'].conditions as { type: string; status: string; reason: string }[]).map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    );

  it('grows by what is measured, and says what limits it', async () => {
    await measure('250m');
    const target = { type: 'Utilization', averageUtilization: 50 };
    const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    await lab.apply(autoscaler({ maxReplicas: 8, metrics }));
    await lab.pass(16);
    expect(await lab.eventsOf('web')).toContain(
      'Normal SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );
    expect(await conditions()).toEqual([
      'AbleToScale=True SucceededRescale',
      'ScalingActive=True ValidMetricFound',
      'ScalingLimited=True ScaleUpLimit',
    ]);
    const { currentMetrics, desiredReplicas } = (await lab.get(PATH))['status'];
    expect(desiredReplicas).toBe(4);
    expect(currentMetrics[0].resource.current).toEqual({ averageUtilization: 250, averageValue: '250m' });
  });

  it('shrinks only when nothing more was called for in five minutes', async () => {
    await lab.pass(30);
    await measure('1m');
    await lab.pass(60);
    expect(await conditions()).toContain('AbleToScale=True ScaleDownStabilized');
    await lab.pass(320);
    const { spec } = await lab.get('/apis/apps/v1/namespaces/default/deployments/web');
    expect(spec.replicas).toBe(1);
    expect((await lab.eventsOf('web')).at(-1)).toContain('All metrics below target');
  });
});
