import { expect, test } from 'vitest';
import type { TraceEvent } from '../apimachinery/trace.ts';
import { type Lab, openLab } from '../testing/lab.ts';

/** Something of every kind that a controller looks after. */
const WORKLOADS: readonly object[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'web',
      replicas: 2,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: podSpec('nginx') },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'rc' },
    spec: {
      replicas: 1,
      selector: { app: 'rc' },
      template: { metadata: { labels: { app: 'rc' } }, spec: podSpec('nginx') },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'done' },
    spec: { template: { spec: podSpec('busybox', 'exit 0') } },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'runs' },
    spec: { template: { spec: podSpec('busybox', 'sleep 100000') } },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'yearly' },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: podSpec('busybox', 'exit 0') } } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
  },
  { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard: { pods: '50' } } },
];

function podSpec(image: string, command?: string): object {
  return {
    ...(command !== undefined && { restartPolicy: 'Never' }),
    containers: [{ name: 'c', image, ...(command !== undefined && { command: ['sh', '-c', command] }) }],
  };
}

/** Who wrote what: "system:serviceaccount:kube-system:job-controller update jobs/status". */
function writes(events: readonly TraceEvent[]): string[] {
  const users = new Map<string, string>();
  const received = new Map<string, TraceEvent & { type: 'request-received' }>();
  const lines: string[] = [];
  for (const event of events) {
    const id = event.request ?? '';
    if (event.type === 'authenticated') users.set(id, event.user);
    else if (event.type === 'request-received') received.set(id, event);
    else if (event.type === 'stored') {
      const { verb = '', object } = received.get(id) ?? {};
      if (object === undefined || object.resource === 'leases' || object.resource === 'events') continue;
      const what = `${object.resource}${object.subresource === undefined ? '' : `/${object.subresource}`}`;
      lines.push(`${users.get(id)} ${verb} ${what} ${object.name ?? ''}`);
    }
  }
  return lines.filter((line) => !line.startsWith('system:node:'));
}

async function restart(lab: Lab, component: string): Promise<void> {
  const manifest = `/etc/kubernetes/manifests/${component}.yaml`;
  await lab.sh(`mv ${manifest} /root/`);
  await lab.pass(40);
  await lab.sh(`mv /root/${component}.yaml ${manifest}`);
}

test('a controller manager and a scheduler that start on what is there write nothing', async () => {
  const lab = await openLab();
  await lab.sh('kubectl create deployment web --image=nginx --replicas=3');
  await lab.sh('kubectl expose deployment web --port=80');
  await lab.sh('kubectl run stuck --image=nginx --overrides=\'{"spec":{"nodeSelector":{"no":"such"}}}\'');
  for (const workload of WORKLOADS) await lab.apply(workload);
  await lab.pass(40);
  expect(await lab.sh('kubectl get pods --no-headers | grep -cE "Running|Completed"')).toBe('8\n');
  const before = lab.cluster.trace.at(-1)!.sequence;
  await restart(lab, 'kube-controller-manager');
  await restart(lab, 'kube-scheduler');
  await lab.pass(60);
  const since = lab.cluster.trace.filter(({ sequence }) => sequence > before);
  expect(writes(since)).toEqual([]);
  // Both work again.
  await lab.sh('kubectl scale deployment web --replicas=4');
  await lab.pass(10);
  expect(await lab.sh('kubectl get deployment web -o jsonpath={.status.readyReplicas}')).toBe('4');
});
