import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Lab, openLab } from '../../testing/lab.ts';

const cronJob = (name: string, spec: object, command = 'exit 0') => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: {
    schedule: '* * * * *',
    ...spec,
    jobTemplate: {
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: 1,
            containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', command] }],
          },
        },
      },
    },
  },
});

describe('CronJobController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });

  const jobsOf = async (name: string) =>
    ((await lab.get('/apis/batch/v1/namespaces/default/jobs'))['items'] as KubeObject[]).filter(
      ({ metadata }) => metadata.ownerReferences?.[0]?.name === name,
    );
  const cleared = async (name: string) => {
    await lab.sh(`kubectl delete cronjob ${name}`);
    await lab.pass(3);
    expect(await jobsOf(name)).toEqual([]);
  };

  it('makes a job a minute, named after the minute, and keeps the last three', async () => {
    await lab.apply(cronJob('tick', {}));
    await lab.pass(61);
    const [first] = await jobsOf('tick');
    const due = Date.parse(first!.metadata.annotations!['batch.kubernetes.io/cronjob-scheduled-timestamp']!);
    expect(first!.metadata.name).toBe(`tick-${due / 60_000}`);
    await lab.pass(250);
    expect(await jobsOf('tick')).toHaveLength(3);
    const { status } = await lab.get('/apis/batch/v1/namespaces/default/cronjobs/tick');
    expect(status.active).toBeUndefined();
    expect(status.lastSuccessfulTime > status.lastScheduleTime).toBe(true);
    const events = await lab.eventsOf('tick');
    const name = first!.metadata.name;
    expect(events).toContain(`Normal SuccessfulCreate Created job ${name}`);
    expect(events).toContain(`Normal SawCompletedJob Saw completed job: ${name}, condition: Complete`);
    expect(events).toContain(`Normal SuccessfulDelete Deleted job ${name}`);
    await cleared('tick');
  });

  it.each([
    ['Allow', 2, undefined],
    [
      'Forbid',
      1,
      'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
    ],
    ['Replace', 1, 'Normal SuccessfulDelete Deleted job'],
  ])('%s: %i at a time', async (concurrencyPolicy, count, event) => {
    const name = `long-${concurrencyPolicy.toLowerCase()}`;
    await lab.apply(cronJob(name, { concurrencyPolicy }, 'sleep 1000'));
    await lab.pass(125);
    expect(await jobsOf(name)).toHaveLength(count);
    if (event !== undefined) {
      expect((await lab.eventsOf(name)).some((text) => text.startsWith(event))).toBe(true);
    }
    await cleared(name);
  });

  it('does not start a job whose time is long over', async () => {
    await lab.apply(cronJob('late', { suspend: true, startingDeadlineSeconds: 10 }));
    await lab.pass(90);
    const due = Math.floor(lab.cluster.clock.now() / 60_000) * 60_000;
    await lab.pass((due + 80_000 - lab.cluster.clock.now()) / 1000);
    await lab.sh(`kubectl patch cronjob late -p '{"spec":{"suspend":false}}'`);
    await lab.pass(1);
    expect(await jobsOf('late')).toEqual([]);
    await lab.pass(60);
    expect(await jobsOf('late')).toHaveLength(1);
    await cleared('late');
  });

  it('says that no day fits a schedule, also when it becomes one', async () => {
    await lab.apply(cronJob('never', { schedule: '0 0 31 2 *' }));
    await lab.pass(1);
    const invalid =
      'Warning InvalidSchedule invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second';
    expect(await lab.eventsOf('never')).toEqual([invalid]);
    await lab.apply(cronJob('once', { schedule: '0 0 1 1 *' }));
    await lab.sh(`kubectl patch cronjob once -p '{"spec":{"schedule":"0 0 31 2 *"}}'`);
    await lab.pass(1);
    expect(await lab.eventsOf('once')).toEqual([invalid]);
  });

  it('tells of a job that it did not make', async () => {
    await lab.apply(cronJob('maker', { schedule: '0 0 1 1 *' }));
    const { metadata } = await lab.get('/apis/batch/v1/namespaces/default/cronjobs/maker');
    const owner = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      name: 'maker',
      uid: metadata.uid,
      controller: true,
    };
    const { jobTemplate } = cronJob('maker', {}, 'sleep 100').spec;
    await lab.apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'stranger', ownerReferences: [owner] },
      spec: jobTemplate.spec,
    });
    await lab.pass(3);
    expect(await lab.eventsOf('maker')).toContain(
      'Warning UnexpectedJob Saw a job that the controller did not create or forgot: stranger',
    );
  });
});
