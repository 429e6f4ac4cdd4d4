import type { CronJobSpec, CronJobStatus, JobSpec, JobStatus } from 'kubernetes-types/batch/v1';
import { humanDuration } from '../../apimachinery/duration.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { describeMetadata } from './metadata.ts';
import { describePodTemplate } from './pod-template.ts';
import { controllerText, selectorText } from './references.ts';
import type { DescribeWriter } from './writer.ts';

/** How much of the list of completed indexes is shown. */
const INDEXES_SHOWN = 50;

/** Models pkg/describe describeJob. */
export function describeJob(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const spec = object.spec as JobSpec;
  const status = (object.status ?? {}) as JobStatus;
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.field(0, 'Selector', selectorText(spec.selector));
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  const controller = controllerText(object);
  if (controller !== undefined) writer.field(0, 'Controlled By', controller);
  if (spec.parallelism !== undefined) writer.field(0, 'Parallelism', spec.parallelism);
  writer.field(0, 'Completions', spec.completions ?? '<unset>');
  if (spec.completionMode !== undefined) writer.field(0, 'Completion Mode', spec.completionMode);
  if (spec.suspend !== undefined) writer.field(0, 'Suspend', spec.suspend);
  if (spec.backoffLimit !== undefined) writer.field(0, 'Backoff Limit', spec.backoffLimit);
  if (spec.ttlSecondsAfterFinished !== undefined)
    writer.field(0, 'TTL Seconds After Finished', spec.ttlSecondsAfterFinished);
  const [start, completion] = [status.startTime, status.completionTime] as unknown as (string | undefined)[];
  if (start !== undefined) writer.field(0, 'Start Time', writer.time(start));
  if (completion !== undefined) writer.field(0, 'Completed At', writer.time(completion));
  if (start !== undefined && completion !== undefined)
    writer.field(0, 'Duration', humanDuration(Date.parse(completion) - Date.parse(start)));
  if (spec.activeDeadlineSeconds !== undefined)
    writer.field(0, 'Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  writer.field(
    0,
    'Pods Statuses',
    `${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  );
  if (spec.completionMode === 'Indexed')
    writer.field(0, 'Completed Indexes', shortIndexes(status.completedIndexes ?? ''));
  describePodTemplate(spec.template, writer);
}

/** Cuts a long list of indexes at a comma. */
function shortIndexes(indexes: string): string {
  if (indexes === '') return '<none>';
  const cut = indexes.indexOf(',', INDEXES_SHOWN);
  return cut < 0 ? indexes : `${indexes.slice(0, cut + 1)}...`;
}

/** Models pkg/describe describeCronJob. */
export function describeCronJob(object: KubeObject, writer: DescribeWriter): void {
  const spec = object.spec as CronJobSpec;
  const { lastScheduleTime, active = [] } = (object.status ?? {}) as CronJobStatus;
  const job = spec.jobTemplate.spec;
  describeMetadata(object, writer);
  writer.field(0, 'Schedule', spec.schedule);
  writer.field(0, 'Concurrency Policy', spec.concurrencyPolicy);
  writer.field(0, 'Suspend', spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False');
  writer.field(0, 'Time Zone', spec.timeZone ?? '<unset>');
  writer.field(0, 'Successful Job History Limit', spec.successfulJobsHistoryLimit ?? '<unset>');
  writer.field(0, 'Failed Job History Limit', spec.failedJobsHistoryLimit ?? '<unset>');
  const deadline = spec.startingDeadlineSeconds;
  writer.field(0, 'Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`);
  writer.field(0, 'Selector', job?.selector === undefined ? '<unset>' : selectorText(job.selector));
  writer.field(0, 'Parallelism', job?.parallelism ?? '<unset>');
  writer.field(0, 'Completions', job?.completions ?? '<unset>');
  if (job?.activeDeadlineSeconds !== undefined)
    writer.field(0, 'Active Deadline Seconds', `${job.activeDeadlineSeconds}s`);
  describePodTemplate(job?.template ?? {}, writer);
  writer.field(0, 'Last Schedule Time', writer.time(lastScheduleTime as unknown as string | undefined));
  writer.field(0, 'Active Jobs', active.map(({ name }) => name).join(', ') || '<none>');
}
