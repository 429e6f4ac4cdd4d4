import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { controllerOf } from '../util/owner.ts';
import { CronJobSync } from './cron-job-sync.ts';
import { untilNextDue } from './due.ts';
import { parseSchedule, ScheduleError } from './schedule.ts';

const WORKERS = 5;

/** Makes Jobs by the clock. Models pkg/controller/cronjob ControllerV2. */
export class CronJobController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #cronJobs: Lister<CronJob>;
  readonly #jobs: Lister<Job>;
  readonly #newest: MutationCache<CronJob>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'cronjob-controller');
    const cronJobs = context.informers.for<CronJob>(RESOURCES.cronJobs);
    const jobs = context.informers.for<Job>(RESOURCES.jobs);
    this.#cronJobs = cronJobs.lister;
    this.#jobs = jobs.lister;
    this.#newest = new MutationCache(cronJobs.lister);
    cronJobs.addHandler({
      onAdd: (cronJob) => this.#queue.add(keyOf(cronJob)),
      onUpdate: (old, cronJob) => this.#onUpdate(old, cronJob),
      onDelete: (cronJob) => this.#queue.add(keyOf(cronJob)),
    });
    jobs.addHandler({
      onAdd: (job) => this.#enqueueOwner(job),
      onUpdate: (_, job) => this.#enqueueOwner(job),
      onDelete: (job) => this.#enqueueOwner(job),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  /** A new schedule is looked at when it is due, anything else at once. */
  #onUpdate(old: CronJob, cronJob: CronJob): void {
    const key = keyOf(cronJob);
    const { schedule, timeZone } = cronJob.spec!;
    if (old.spec!.schedule === schedule && old.spec!.timeZone === timeZone) return this.#queue.add(key);
    try {
      const delay = untilNextDue(cronJob, this.#context.clock.now(), parseSchedule(schedule, timeZone));
      this.#queue.addAfter(key, delay, { periodic: true });
    } catch (error) {
      if (!(error instanceof ScheduleError) && !(error instanceof RangeError)) throw error;
      const message = `unparseable schedule for cronjob: ${schedule}`;
      this.#recorder.event(
        subjectOf(cronJob, RESOURCES.cronJobs),
        'Warning',
        'UnParseableCronJobSchedule',
        message,
      );
    }
  }

  #enqueueOwner(job: Job): void {
    const reference = controllerOf(job);
    if (reference?.kind !== 'CronJob') return;
    const cronJob = this.#cronJobs.get(job.metadata!.namespace!, reference.name);
    if (cronJob?.metadata?.uid === reference.uid) this.#queue.add(keyOf(cronJob));
  }

  async #sync(key: string): Promise<void> {
    const cronJob = this.#newest.getByKey(key);
    if (cronJob === undefined) return;
    const jobs = this.#jobs
      .list(cronJob.metadata!.namespace)
      .filter((job) => controllerOf(job)?.uid === cronJob.metadata!.uid);
    const { client, clock } = this.#context;
    const sync = new CronJobSync(client, clock, this.#recorder, cronJob, jobs);
    let delay: number | undefined;
    try {
      delay = await sync.run();
    } finally {
      // What was found out before a refusal is not lost.
      const written = await sync.writeStatus();
      if (written !== undefined) this.#newest.mutation(written);
    }
    if (delay !== undefined) this.#queue.addAfter(key, Math.max(0, delay), { periodic: true });
  }
}
