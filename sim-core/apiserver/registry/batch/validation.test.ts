import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { cronJobStrategy } from './cronjob/strategy.ts';
import { validateCronJobCreate } from './cronjob/validation.ts';
import { jobStrategy } from './job/strategy.ts';
import { validateJob, validateJobUpdate } from './job/validation.ts';

const template = (labels?: object) => ({
  ...(labels !== undefined && { metadata: { labels } }),
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
});

function job(spec: object): KubeObject {
  const object: KubeObject = {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: { name: 'j', namespace: 'n', uid: 'u' },
    spec: { template: template(), ...spec },
  };
  jobStrategy.fillDefaults!(object);
  jobStrategy.prepareForCreate!(object, undefined as never);
  return object;
}
const messages = (errors: readonly { message: string }[]) => errors.map(({ message }) => message);

describe('Job', () => {
  test.each([
    [{}, []],
    [{ parallelism: -1 }, ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0']],
    [
      { completionMode: 'Indexed', completions: undefined, parallelism: 2 },
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      { completionMode: 'Sorted' },
      ['spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"'],
    ],
    [
      { backoffLimitPerIndex: 1 },
      ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
    ],
    [
      { template: template({ 'job-name': 'other' }) },
      [
        `spec.template.metadata.labels[job-name]: Invalid value: map[string]string{"batch.kubernetes.io/controller-uid":"u", "batch.kubernetes.io/job-name":"j", "controller-uid":"u", "job-name":"other"}: must be 'j'`,
      ],
    ],
    [
      { manualSelector: true },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not match template `labels`',
      ],
    ],
  ])('%j', (spec, want) => {
    expect(messages(validateJob(job(spec)))).toEqual(want);
  });

  test.each([
    [{ completions: 2 }, { completions: 3 }, ['spec.completions: Invalid value: 3: field is immutable']],
    [
      { completionMode: 'Indexed', completions: 2, parallelism: 2 },
      { completionMode: 'Indexed', completions: 3, parallelism: 3 },
      [],
    ],
  ])('an update of %j to %j', (before, after, want) => {
    expect(messages(validateJobUpdate(job(after), job(before)))).toEqual(want);
  });

  test('a suspended job that has not started may be sent to other nodes', () => {
    const moved = job({ suspend: true });
    moved['spec'].template.spec.nodeSelector = { zone: 'a' };
    expect(validateJobUpdate(moved, job({ suspend: true }))).toEqual([]);
    const refused = ['spec.template: Invalid value: core.PodTemplateSpec{}: field is immutable'];
    expect(messages(validateJobUpdate(moved, job({})))).toEqual(refused);
    const near = (affinity: object) => {
      const object = job({ suspend: true });
      object['spec'].template.spec.affinity = affinity;
      return object;
    };
    expect(validateJobUpdate(near({ nodeAffinity: {} }), job({ suspend: true }))).toEqual([]);
    expect(validateJobUpdate(job({ suspend: true }), near({ nodeAffinity: {} }))).toEqual([]);
    expect(messages(validateJobUpdate(near({ podAffinity: {} }), job({ suspend: true })))).toEqual(refused);
  });
});

describe('CronJob', () => {
  function cronJob(spec: object, name = 'c'): KubeObject {
    const object: KubeObject = {
      metadata: { name },
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template() } }, ...spec },
    };
    cronJobStrategy.fillDefaults!(object);
    return object;
  }
  test.each([
    [{}, []],
    [{ timeZone: 'Asia/Seoul' }, []],
    [
      { timeZone: 'asia/seoul' },
      ['spec.timeZone: Invalid value: "asia/seoul": unknown time zone asia/seoul'],
    ],
    [{ timeZone: '+0900' }, ['spec.timeZone: Invalid value: "+0900": unknown time zone +0900']],
    [
      { timeZone: 'local' },
      [
        'spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
        'spec.timeZone: Invalid value: "local": unknown time zone local',
      ],
    ],
    [{ timeZone: 'Mars/Base' }, ['spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base']],
    [
      { schedule: 'TZ=Asia/Seoul * * * * *' },
      [
        'spec.schedule: Invalid value: "TZ=Asia/Seoul * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [
      { jobTemplate: { spec: { template: template(), selector: {} } } },
      [
        'spec.jobTemplate.spec.selector: Invalid value: v1.LabelSelector{}: `selector` will be auto-generated',
      ],
    ],
  ])('%j', (spec, want) => {
    expect(messages(validateCronJobCreate(cronJob(spec)))).toEqual(want);
  });

  test('the time zone is looked at before the policy', () => {
    expect(messages(validateCronJobCreate(cronJob({ timeZone: '', concurrencyPolicy: 'Twice' })))).toEqual([
      'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string',
      'spec.concurrencyPolicy: Unsupported value: "Twice": supported values: "Allow", "Forbid", "Replace"',
    ]);
  });

  test('has a name that leaves room for those of its jobs', () => {
    const name = 'x'.repeat(53);
    expect(messages(validateCronJobCreate(cronJob({}, name)))).toEqual([
      `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
    ]);
  });
});
