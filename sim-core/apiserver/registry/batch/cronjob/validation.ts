import type { CronJobSpec, JobTemplateSpec } from 'kubernetes-types/batch/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import { GoLiteral } from '../../../../apimachinery/validation/go-syntax.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { cronFault } from '../cron.ts';
import { validateJobSpec } from '../job/validation.ts';

const CONCURRENCY_POLICIES = ['Allow', 'Forbid', 'Replace'];
/** A job's name is the CronJob's, a hyphen and ten digits, and must fit in a label. */
const MAX_NAME = 52;
const ZONE_PART = /^(?!-)[A-Za-z.\-_0-9+]{1,14}$/;

/** Models pkg/apis/batch/validation ValidateCronJobCreate. */
export function validateCronJobCreate(object: KubeObject): FieldError[] {
  const { name = '' } = object.metadata;
  const errors = validateSpec(object.spec, false);
  return name.length > MAX_NAME
    ? [...errors, invalid('metadata.name', name, `must be no more than ${MAX_NAME} characters`)]
    : errors;
}

/** A schedule that names its time zone itself may stay. Models ValidateCronJobUpdate. */
export function validateCronJobUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  return validateSpec(object.spec, (old.spec.schedule ?? '').includes('TZ'));
}

/** Models validateCronJobSpec. */
function validateSpec(spec: CronJobSpec, allowTimeZoneInSchedule: boolean): FieldError[] {
  const { schedule = '', timeZone, concurrencyPolicy = '' } = spec;
  const errors: FieldError[] = [];
  if (schedule === '') errors.push(required('spec.schedule'));
  else errors.push(...validateSchedule(schedule, timeZone, allowTimeZoneInSchedule));
  errors.push(...validateNonnegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (timeZone !== undefined) errors.push(...validateTimeZone(timeZone));
  if (!CONCURRENCY_POLICIES.includes(concurrencyPolicy)) {
    errors.push(notSupported('spec.concurrencyPolicy', concurrencyPolicy, CONCURRENCY_POLICIES));
  }
  return [
    ...errors,
    ...validateTemplate(spec.jobTemplate),
    ...validateNonnegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...validateNonnegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
  ];
}

function validateSchedule(
  schedule: string,
  timeZone: string | undefined,
  allowTimeZone: boolean,
): FieldError[] {
  const wrong = (detail: string) => invalid('spec.schedule', schedule, detail);
  const errors: FieldError[] = [];
  const fault = cronFault(schedule.replace(/^(?:CRON_)?TZ=\S+\s+/, ''));
  if (fault !== undefined) errors.push(wrong(fault));
  if (!schedule.includes('TZ')) return errors;
  if (timeZone !== undefined) {
    errors.push(wrong('cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  } else if (!allowTimeZone) {
    errors.push(wrong('cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  }
  return errors;
}

/** Models validateTimeZone. */
function validateTimeZone(timeZone: string): FieldError[] {
  const wrong = (detail: string) => invalid('spec.timeZone', timeZone, detail);
  if (timeZone === '') return [wrong('timeZone must be nil or non-empty string')];
  const unknown = wrong(`unknown time zone ${timeZone}`);
  if (timeZone.split('/').some((part) => part === '.' || part === '..' || !ZONE_PART.test(part))) {
    return [unknown];
  }
  const errors: FieldError[] = [];
  if (timeZone.toLowerCase() === 'local') {
    const detail = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.push(wrong(detail));
  }
  if (timeZone !== 'Local' && !isTimeZone(timeZone)) errors.push(unknown);
  return errors;
}

/** True for a name that has a file below /usr/share/zoneinfo: the host takes any case and offsets, too. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** Models ValidateJobTemplateSpec: the selector is made when a job is. */
function validateTemplate({ spec = {} as never }: JobTemplateSpec): FieldError[] {
  const errors = validateJobSpec(spec, 'spec.jobTemplate.spec');
  const { selector, manualSelector } = spec;
  if (selector !== undefined) {
    errors.push(
      invalid(
        'spec.jobTemplate.spec.selector',
        new GoLiteral('v1.LabelSelector{}'),
        '`selector` will be auto-generated',
      ),
    );
  }
  if (manualSelector === true) {
    errors.push(notSupported('spec.jobTemplate.spec.manualSelector', true as never, ['nil', 'false']));
  }
  return errors;
}
