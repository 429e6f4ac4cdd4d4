import type { CronJob, CronJobStatus, Job } from 'kubernetes-types/batch/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { Clock } from '../../clock/clock.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { hasCondition, isJobFinished } from '../job/conditions.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, isServerError } from '../util/pod-control.ts';
import { type Due, mostRecentDue, untilNextDue } from './due.ts';
import { parseSchedule, type Schedule, ScheduleError } from './schedule.ts';
import { TimeZone } from './time-zone.ts';

const SCHEDULED_TIMESTAMP = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const MINUTE = 60_000;

/** One look at one CronJob and its Jobs. Models pkg/controller/cronjob syncCronJob and cleanupFinishedJobs. */
export class CronJobSync {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #cronJob: CronJob;
  readonly #jobs: readonly Job[];
  #status: CronJobStatus;

  /** `jobs` are the CronJob's own. */
  constructor(
    client: RestClient,
    clock: Clock,
    recorder: EventRecorder,
    cronJob: CronJob,
    jobs: readonly Job[],
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#cronJob = cronJob;
    this.#jobs = jobs;
    this.#status = { ...cronJob.status };
  }

  /** Resolves to the milliseconds after which to come back; undefined: when something changes. */
  async run(): Promise<number | undefined> {
    await this.#cleanup();
    await this.#reconcileActive();
    return this.#cronJob.metadata!.deletionTimestamp === undefined ? this.#startIfDue() : undefined;
  }

  /** Writes the status if it has changed, and gives the answer. */
  async writeStatus(): Promise<CronJob | undefined> {
    if (semanticEqual(this.#status, this.#cronJob.status)) return undefined;
    const { namespace } = this.#cronJob.metadata!;
    const body = { ...this.#cronJob, status: this.#status };
    return this.#client.update<CronJob>(RESOURCES.cronJobs, body as { metadata: { name: string } }, {
      namespace,
      subresource: 'status',
    });
  }

  #isActive(uid: string | undefined): boolean {
    return (this.#status.active ?? []).some((reference) => reference.uid === uid);
  }

  #dropActive(uid: string | undefined): void {
    this.#status = { ...this.#status, active: this.#status.active!.filter((job) => job.uid !== uid) };
  }

  /** Brings the list of active jobs up to date. */
  async #reconcileActive(): Promise<void> {
    for (const job of this.#jobs) {
      const { uid, name } = job.metadata!;
      const isKnown = this.#isActive(uid);
      if (!isJobFinished(job)) {
        if (isKnown || (await this.#isActiveOnServer(uid))) continue;
        const message = `Saw a job that the controller did not create or forgot: ${name}`;
        this.#event('Warning', 'UnexpectedJob', message);
        continue;
      }
      if (isKnown) {
        this.#dropActive(uid);
        const condition = hasCondition(job, 'Complete') ? 'Complete' : 'Failed';
        this.#event('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`);
      }
      const { completionTime } = job.status!;
      const { lastSuccessfulTime } = this.#status;
      if (!hasCondition(job, 'Complete') || completionTime === undefined) continue;
      if (lastSuccessfulTime === undefined || completionTime > lastSuccessfulTime) {
        this.#status = { ...this.#status, lastSuccessfulTime: completionTime };
      }
    }
    const children = new Set(this.#jobs.map(({ metadata }) => metadata!.uid));
    for (const { uid, name } of this.#status.active ?? []) {
      if (children.has(uid) || (await this.#get(name!)) !== undefined) continue;
      this.#event('Normal', 'MissingJob', `Active job went missing: ${name}`);
      this.#dropActive(uid);
    }
  }

  /** Asks the server itself, in case the job was written down since. */
  async #isActiveOnServer(job: string | undefined): Promise<boolean> {
    const { namespace, name } = this.#cronJob.metadata!;
    const { status } = await this.#client.get<CronJob>(RESOURCES.cronJobs, name!, { namespace });
    return (status?.active ?? []).some(({ uid }) => uid === job);
  }

  async #get(name: string): Promise<Job | undefined> {
    const { namespace } = this.#cronJob.metadata!;
    try {
      return await this.#client.get<Job>(RESOURCES.jobs, name, { namespace });
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  #isTimeZoneKnown(): boolean {
    const { timeZone = 'UTC' } = this.#cronJob.spec!;
    try {
      new TimeZone(timeZone);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`;
      this.#event('Warning', 'UnknownTimeZone', message);
      return false;
    }
  }

  #schedule(): Schedule | undefined {
    const { schedule, timeZone } = this.#cronJob.spec!;
    try {
      return parseSchedule(schedule, timeZone);
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      const message = `unparseable schedule: ${JSON.stringify(schedule)} : ${error.message}`;
      this.#event('Warning', 'UnparseableSchedule', message);
      return undefined;
    }
  }

  /** Undefined for a schedule that no day fits. Models nextScheduleTime. */
  #due(schedule: Schedule, now: number): Due | undefined {
    try {
      return mostRecentDue(this.#cronJob, now, schedule, true);
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      const message = `invalid schedule: ${this.#cronJob.spec!.schedule} : ${error.message}`;
      this.#event('Warning', 'InvalidSchedule', message);
      return undefined;
    }
  }

  async #toReplace(name: string): Promise<Job> {
    const { namespace } = this.#cronJob.metadata!;
    try {
      return await this.#client.get<Job>(RESOURCES.jobs, name, { namespace });
    } catch (error) {
      if (isServerError(error)) this.#event('Warning', 'FailedGet', `Get job: ${error.message}`);
      throw error;
    }
  }

  async #startIfDue(): Promise<number | undefined> {
    const { suspend, startingDeadlineSeconds, concurrencyPolicy } = this.#cronJob.spec!;
    if (!this.#isTimeZoneKnown() || suspend) return undefined;
    const schedule = this.#schedule();
    if (schedule === undefined) return undefined;
    const now = this.#clock.now();
    const due = this.#due(schedule, now);
    if (due === undefined) return undefined;
    const later = () => untilNextDue({ ...this.#cronJob, status: this.#status }, now, schedule);
    const { time, missed } = due;
    if (time === undefined) return later();
    if (missed === 'many') {
      const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#event('Warning', 'TooManyMissedTimes', `too many missed start times. ${advice}`);
    }
    if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < now) {
      const message = `Missed scheduled time to start a job: ${rfc1123(time)}`;
      this.#event('Warning', 'MissSchedule', message);
      return later();
    }
    const name = `${this.#cronJob.metadata!.name}-${Math.floor(time / MINUTE)}`;
    const isDone =
      (this.#status.active ?? []).some((job) => job.name === name) ||
      this.#status.lastScheduleTime === formatTime(time);
    if (isDone) return later();
    const active = this.#status.active ?? [];
    if (concurrencyPolicy === 'Forbid' && active.length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      this.#event('Normal', 'JobAlreadyActive', message);
      return later();
    }
    if (concurrencyPolicy === 'Replace') {
      for (const running of active) {
        const job = await this.#toReplace(running.name!);
        if (!(await this.#delete(job))) {
          throw new RetryError(`could not replace job ${running.namespace}/${running.name}`);
        }
      }
    }
    const job = await this.#create(name, time);
    if (job === undefined) return undefined;
    const { namespace, uid, resourceVersion } = job.metadata!;
    const kind = { kind: 'Job', apiVersion: 'batch/v1' };
    const reference = { ...kind, namespace: namespace!, name, uid: uid!, resourceVersion: resourceVersion! };
    this.#status = {
      ...this.#status,
      active: [...(this.#status.active ?? []), reference],
      lastScheduleTime: formatTime(time),
    };
    return later();
  }

  /** The new job; undefined if another one has its name. */
  async #create(name: string, time: number): Promise<Job | undefined> {
    const { namespace } = this.#cronJob.metadata!;
    try {
      const job = await this.#client.create<Job>(RESOURCES.jobs, this.#make(name, time), { namespace });
      this.#event('Normal', 'SuccessfulCreate', `Created job ${name}`);
      return job;
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) {
        const job = await this.#get(name);
        const isOurs = job !== undefined && controllerOf(job)?.uid === this.#cronJob.metadata!.uid;
        return isOurs && !this.#isActive(job.metadata!.uid) ? job : undefined;
      }
      if (isServerError(error) && !isNamespaceTerminating(error)) {
        this.#event('Warning', 'FailedCreate', `Error creating job: ${error.message}`);
      }
      throw error;
    }
  }

  /** Models getJobFromTemplate2. */
  #make(name: string, time: number): object {
    const { jobTemplate, timeZone } = this.#cronJob.spec!;
    const scheduled = new TimeZone(timeZone ?? 'UTC').format(time);
    return {
      kind: 'Job',
      apiVersion: 'batch/v1',
      metadata: {
        name,
        namespace: this.#cronJob.metadata!.namespace,
        ...(jobTemplate.metadata?.labels !== undefined && { labels: jobTemplate.metadata.labels }),
        annotations: { ...jobTemplate.metadata?.annotations, [SCHEDULED_TIMESTAMP]: scheduled },
        ownerReferences: [controllerRef(this.#cronJob, RESOURCES.cronJobs)],
      },
      spec: jobTemplate.spec,
    };
  }

  /** False if the server would not. Models deleteJob. */
  async #delete(job: Job): Promise<boolean> {
    const { namespace, name, uid } = job.metadata!;
    try {
      await this.#client.delete(RESOURCES.jobs, name!, { namespace, propagationPolicy: 'Background' });
    } catch (error) {
      if (!isServerError(error)) throw error;
      this.#event('Warning', 'FailedDelete', `Deleted job: ${error.message}`);
      return false;
    }
    if (this.#isActive(uid)) this.#dropActive(uid);
    this.#event('Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    return true;
  }

  /** Deletes the oldest finished jobs beyond the history limits. Models cleanupFinishedJobs. */
  async #cleanup(): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cronJob.spec!;
    const rows = [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const;
    for (const [condition, limit] of rows) {
      if (limit === undefined) continue;
      const jobs = this.#jobs.filter((job) => hasCondition(job, condition)).sort(byStartTime);
      for (const job of jobs.slice(0, Math.max(0, jobs.length - limit))) await this.#delete(job);
    }
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#recorder.event(subjectOf(this.#cronJob, RESOURCES.cronJobs), type, reason, message);
  }
}

function byStartTime(a: Job, b: Job): number {
  const [left, right] = [a.status?.startTime ?? '~', b.status?.startTime ?? '~'];
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata!.name! < b.metadata!.name! ? -1 : 1;
}

/** "Mon, 23 Nov 2026 09:00:00 +0000": Go's RFC1123Z. */
function rfc1123(instant: number): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}
