import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../testing/lab.ts';
import { job, jobsOf } from '../../testing/jobs.ts';

describe('JobController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });

  const { statusOf, conditionsOf, podsOf } = jobsOf(() => lab);

  it('runs a pod to its end and counts it', async () => {
    await lab.apply(job('once', 'date'));
    await lab.pass(5);
    expect(await statusOf('once')).toMatchObject({
      succeeded: 1,
      ready: 0,
      uncountedTerminatedPods: {},
    });
    expect(await conditionsOf('once')).toEqual(['Complete=True undefined']);
    expect(await statusOf('once')).not.toHaveProperty('terminating');
    const [pod] = await podsOf('once');
    expect(pod!.metadata.finalizers).toBeUndefined();
    expect(await lab.eventsOf('once')).toEqual([
      `Normal SuccessfulCreate Created pod: ${pod!.metadata.name}`,
      'Normal Completed Job completed',
    ]);
  });

  it('gives the pods of an indexed job their index, a few at a time', async () => {
    const spec = { completions: 3, parallelism: 2, completionMode: 'Indexed' };
    await lab.apply(job('indexed', 'sleep 2; exit 0', spec));
    await lab.pass(1.5);
    expect(await podsOf('indexed')).toHaveLength(2);
    await lab.pass(15);
    const pods = await podsOf('indexed');
    expect(
      pods.map(({ metadata, spec: { hostname } }) => [
        metadata.annotations!['batch.kubernetes.io/job-completion-index'],
        hostname,
      ]),
    ).toEqual([
      ['0', 'indexed-0'],
      ['1', 'indexed-1'],
      ['2', 'indexed-2'],
    ]);
    expect(await statusOf('indexed')).toMatchObject({ completedIndexes: '0-2', succeeded: 3 });
  });

  it('tries again after a backoff that doubles, and gives up at the limit', async () => {
    await lab.apply(job('bad', 'exit 3', { backoffLimit: 2 }));
    const counts: number[] = [];
    for (const seconds of [5, 15, 30]) {
      await lab.pass(seconds);
      counts.push((await podsOf('bad')).length);
    }
    expect(counts).toEqual([1, 2, 3]);
    expect(await statusOf('bad')).toMatchObject({ failed: 3 });
    expect(await conditionsOf('bad')).toEqual(['Failed=True BackoffLimitExceeded']);
    expect((await lab.eventsOf('bad')).at(-1)).toBe(
      'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
    );
  });

  it('ends the pods of a job that takes too long', async () => {
    await lab.apply(
      job('slow', 'sleep 1000', { activeDeadlineSeconds: 5 }, { terminationGracePeriodSeconds: 1 }),
    );
    await lab.pass(12);
    expect(await conditionsOf('slow')).toEqual(['Failed=True DeadlineExceeded']);
    expect(await podsOf('slow')).toEqual([]);
    expect((await lab.eventsOf('slow')).at(-1)).toBe(
      'Warning DeadlineExceeded Job was active longer than specified deadline',
    );
  });

  it('fails at once where the pod failure policy says so', async () => {
    const rule = { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } };
    await lab.apply(job('policy', 'exit 42', { podFailurePolicy: { rules: [rule] } }));
    await lab.pass(5);
    const [pod] = await podsOf('policy');
    const { conditions, failed } = await statusOf('policy');
    expect(failed).toBe(1);
    expect(conditions.at(-1)).toMatchObject({
      type: 'Failed',
      reason: 'PodFailurePolicy',
      message: `Container c for pod default/${pod!.metadata.name} failed with exit code 42 matching FailJob rule at index 0`,
    });
  });

  it('suspends and resumes', async () => {
    await lab.apply(job('paused', 'exit 0', { suspend: true }));
    await lab.pass(2);
    expect(await podsOf('paused')).toEqual([]);
    expect(await conditionsOf('paused')).toEqual(['Suspended=True JobSuspended']);
    await lab.sh(`kubectl patch job paused -p '{"spec":{"suspend":false}}'`);
    await lab.pass(5);
    expect((await conditionsOf('paused'))[0]).toBe('Suspended=False JobResumed');
    expect(await statusOf('paused')).toMatchObject({ succeeded: 1 });
    const reasons = (await lab.eventsOf('paused')).map((event) => event.split(' ')[1]);
    expect(reasons).toEqual(['Suspended', 'SuccessfulCreate', 'Resumed', 'Completed']);
  });

  it('goes some time after its end, and its pods with it', async () => {
    await lab.apply(job('brief', 'exit 0', { ttlSecondsAfterFinished: 10 }));
    await lab.pass(8);
    expect(await podsOf('brief')).toHaveLength(1);
    await lab.pass(8);
    expect(await podsOf('brief')).toEqual([]);
    expect(await lab.sh('kubectl get job brief')).toContain('NotFound');
  });

  it('lets its pods go when it is deleted', async () => {
    await lab.apply(job('gone', 'sleep 1000', {}, { terminationGracePeriodSeconds: 1 }));
    await lab.pass(3);
    expect(await podsOf('gone')).toHaveLength(1);
    await lab.sh('kubectl delete job gone');
    await lab.pass(5);
    expect(await podsOf('gone')).toEqual([]);
  });
});
