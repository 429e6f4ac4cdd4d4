import type { Job } from 'kubernetes-types/batch/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isJobFinished } from '../job/conditions.ts';

/** Deletes Jobs some time after their end. Models pkg/controller/ttlafterfinished Controller. */
export class TtlAfterFinishedController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #jobs: Lister<Job>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const jobs = context.informers.for<Job>(RESOURCES.jobs);
    this.#jobs = jobs.lister;
    const onJob = (job: Job) => {
      if (job.metadata!.deletionTimestamp === undefined && expiryOf(job) !== undefined) {
        this.#queue.add(keyOf(job));
      }
    };
    jobs.addHandler({ onAdd: onJob, onUpdate: (_, job) => onJob(job) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 5, (key) => this.#sync(key));
  }

  async #sync(key: string): Promise<void> {
    const known = this.#jobs.getByKey(key);
    if (known === undefined || !this.#isExpired(key, known)) return;
    const { client } = this.#context;
    const { namespace, name } = known.metadata!;
    try {
      // The cache may be old: the job's time to live may have been changed since.
      const job = await client.get<Job>(RESOURCES.jobs, name!, { namespace });
      if (!this.#isExpired(key, job)) return;
      const preconditions = { uid: job.metadata!.uid! };
      await client.delete(RESOURCES.jobs, name!, {
        namespace,
        propagationPolicy: 'Foreground',
        preconditions,
      });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  /** False: not yet, then it comes back in time. */
  #isExpired(key: string, job: Job): boolean {
    const expiry = expiryOf(job);
    if (expiry === undefined || job.metadata!.deletionTimestamp !== undefined) return false;
    const left = expiry - this.#context.clock.now();
    if (left > 0) this.#queue.addAfter(key, left, { periodic: true });
    return left <= 0;
  }
}

/** When a finished job is to go; undefined: never, or it has not finished. */
function expiryOf(job: Job): number | undefined {
  const ttl = job.spec?.ttlSecondsAfterFinished;
  if (ttl === undefined || !isJobFinished(job)) return undefined;
  const end = job.status!.conditions!.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )!.lastTransitionTime!;
  return Date.parse(end) + ttl * 1000;
}
