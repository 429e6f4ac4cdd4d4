import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../testing/lab.ts';
import { job as jobOf, jobsOf } from '../../testing/jobs.ts';

const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count';
const INDEXED = { completionMode: 'Indexed', completions: 3, parallelism: 3 };
const onExit = (action: string, value: number) => ({
  action,
  onExitCodes: { operator: 'In', values: [value] },
});

const job = (name: string, command: string, spec: object = {}) =>
  jobOf(name, command, spec, { terminationGracePeriodSeconds: 3 });

describe('JobController', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });

  const { statusOf, conditionsOf, podsOf } = jobsOf(() => lab);

  it('is done once its successPolicy is met: what runs is told to go and waited for', async () => {
    const successPolicy = { rules: [{ succeededIndexes: '1-2', succeededCount: 1 }] };
    const command = '[ $JOB_COMPLETION_INDEX = 2 ] || sleep 1000';
    await lab.apply(job('leader', command, { ...INDEXED, successPolicy }));
    await lab.pass(3.5);
    expect(await conditionsOf('leader')).toEqual(['SuccessCriteriaMet=True SuccessPolicy']);
    expect(await statusOf('leader')).toMatchObject({ terminating: 2, succeeded: 1, completedIndexes: '2' });
    await lab.pass(6);
    const { conditions, failed, completionTime } = await statusOf('leader');
    expect(await conditionsOf('leader')).toEqual([
      'SuccessCriteriaMet=True SuccessPolicy',
      'Complete=True SuccessPolicy',
    ]);
    expect(conditions[1].message).toBe('Matched rules at index 0');
    expect(completionTime).toBe(conditions[1].lastTransitionTime);
    expect(failed).toBeUndefined();
    expect((await lab.eventsOf('leader')).at(-1)).toBe('Normal Completed Job completed');
  });

  it('tries each index as often as it may, and says which failed', async () => {
    const spec = { ...INDEXED, backoffLimitPerIndex: 1 };
    await lab.apply(job('each', 'exit $JOB_COMPLETION_INDEX', spec));
    await lab.pass(5);
    expect(await statusOf('each')).toMatchObject({ completedIndexes: '0', failedIndexes: '' });
    // The failed pods stay until others have taken over their count.
    const counts = async () =>
      (await podsOf('each')).map(({ metadata }) => [
        metadata.annotations![FAILURES],
        metadata.finalizers?.length ?? 0,
      ]);
    expect(await counts()).toEqual([
      ['0', 0],
      ['0', 1],
      ['0', 1],
    ]);
    await lab.pass(20);
    expect((await counts()).map(([failures]) => failures).sort()).toEqual(['0', '0', '0', '1', '1']);
    expect(await statusOf('each')).toMatchObject({ completedIndexes: '0', failedIndexes: '1,2', failed: 4 });
    expect(await conditionsOf('each')).toEqual(['Failed=True FailedIndexes']);
    expect((await lab.eventsOf('each')).at(-1)).toBe('Warning FailedIndexes Job has failed indexes');
  });

  it('gives up when more indexes failed than may', async () => {
    const spec = { ...INDEXED, backoffLimitPerIndex: 0, maxFailedIndexes: 1 };
    await lab.apply(job('many', '[ $JOB_COMPLETION_INDEX = 0 ] && sleep 1000; exit 1', spec));
    await lab.pass(10);
    expect(await statusOf('many')).toMatchObject({ failedIndexes: '1,2', failed: 3 });
    const [failed] = (await statusOf('many')).conditions;
    expect(failed).toMatchObject({
      type: 'Failed',
      reason: 'MaxFailedIndexesExceeded',
      message: 'Job has exceeded the specified maximal number of failed indexes',
    });
  });

  it('lets the policy fail one index at once, and ignores what it says to ignore', async () => {
    const podFailurePolicy = { rules: [onExit('FailIndex', 1), onExit('Ignore', 2)] };
    const spec = { ...INDEXED, backoffLimitPerIndex: 3, podFailurePolicy };
    await lab.apply(job('rules', 'exit $JOB_COMPLETION_INDEX', spec));
    await lab.pass(18);
    const { failed, failedIndexes, completedIndexes } = await statusOf('rules');
    expect({ failed, failedIndexes, completedIndexes }).toEqual({
      failed: 1,
      failedIndexes: '1',
      completedIndexes: '0',
    });
    const last = (await podsOf('rules')).filter(({ metadata }) => metadata.name!.startsWith('rules-2-'));
    const annotations = last.map(({ metadata }) => [
      metadata.annotations![FAILURES],
      metadata.annotations![IGNORED],
    ]);
    expect(annotations.sort()).toEqual([
      ['0', undefined],
      ['0', '1'],
    ]);
  });

  it('counts what the policy says to count, whatever later rules say', async () => {
    const podFailurePolicy = { rules: [onExit('Count', 3), onExit('FailJob', 3)] };
    await lab.apply(job('counted', 'exit 3', { backoffLimit: 0, podFailurePolicy }));
    await lab.pass(5);
    expect((await conditionsOf('counted')).at(-1)).toBe('Failed=True BackoffLimitExceeded');
  });

  it.each([
    ['TerminatingOrFailed', 2, { active: 1, terminating: 1, failed: 1 }],
    ['Failed', 1, { terminating: 1 }],
  ])('podReplacementPolicy %s: %d pods while one is going', async (podReplacementPolicy, pods, status) => {
    const name = podReplacementPolicy.toLowerCase();
    await lab.apply(job(name, 'sleep 1000', { podReplacementPolicy }));
    await lab.pass(3);
    const [pod] = await podsOf(name);
    await lab.sh(`kubectl delete pod ${pod!.metadata.name} --grace-period=30 --wait=false`);
    await lab.pass(12);
    expect(await podsOf(name)).toHaveLength(pods);
    const { active, terminating, failed } = await statusOf(name);
    expect({ active, terminating, failed }).toEqual(status);
  });

  it('leaves alone what another controller manages', async () => {
    await lab.apply(job('theirs', 'exit 0', { managedBy: 'example.com/queue' }));
    await lab.pass(5);
    expect(await podsOf('theirs')).toEqual([]);
    expect(await statusOf('theirs')).toEqual({});
    await lab.apply(job('ours', 'exit 0', { managedBy: 'kubernetes.io/job-controller' }));
    await lab.pass(5);
    expect(await statusOf('ours')).toMatchObject({ succeeded: 1 });
  });

  it('has no start time while it is suspended, and a new one when it goes on', async () => {
    await lab.apply(job('paused', 'sleep 1000', { activeDeadlineSeconds: 30 }));
    await lab.pass(2);
    const { startTime } = await statusOf('paused');
    await lab.sh(`kubectl patch job paused -p '{"spec":{"suspend":true}}'`);
    await lab.pass(40);
    expect(await podsOf('paused')).toEqual([]);
    expect((await statusOf('paused')).startTime).toBeUndefined();
    expect((await statusOf('paused')).failed).toBeUndefined();
    await lab.sh(`kubectl patch job paused -p '{"spec":{"suspend":false}}'`);
    await lab.pass(2);
    const resumed = (await statusOf('paused')).startTime;
    expect(Date.parse(resumed) - Date.parse(startTime)).toBeGreaterThan(40_000);
    expect(await conditionsOf('paused')).toEqual(['Suspended=False JobResumed']);
  });

  it('counts no pods that go with it', async () => {
    await lab.apply(job('gone', 'sleep 1000', { completions: 2, parallelism: 2 }));
    await lab.pass(3);
    await lab.sh('kubectl delete job gone --cascade=foreground --wait=false');
    await lab.pass(1.5);
    const pods = await podsOf('gone');
    expect(
      pods.map(({ metadata }) => [metadata.deletionTimestamp !== undefined, metadata.finalizers]),
    ).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    expect((await statusOf('gone')).failed).toBeUndefined();
    await lab.pass(6);
    expect(await lab.sh('kubectl get job gone')).toContain('NotFound');
  });
});
