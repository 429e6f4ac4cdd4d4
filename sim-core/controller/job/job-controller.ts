import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { ExponentialFailureRateLimiter } from '../../client-go/util/workqueue/rate-limiter.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { Expectations } from '../util/expectations.ts';
import { controllerOf } from '../util/owner.ts';
import { PodControl } from '../util/pod-control.ts';
import { indexPodsByOwner, podsControlledBy, podsToClaim } from '../util/pods-by-owner.ts';
import type { BackoffRecord } from './backoff.ts';
import { isJobFinished } from './conditions.ts';
import { JobSync, type JobSyncSupport } from './job-sync.ts';
import { isTracked, releasePod, TRACKING_FINALIZER } from './pod-tracking.ts';

/** Delays of a sync that failed, in milliseconds. */
const API_BACKOFF = 1000;
const MAX_API_BACKOFF = 60_000;
const WORKERS = 5;
/** Changes of pods are looked at together, a second later. */
const SYNC_BATCH = 1000;

/** Runs pods to their end until a Job is done. Models pkg/controller/job Controller. */
export class JobController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  /** Pods whose job cannot count them any more. */
  readonly #orphans: WorkQueue;
  readonly #jobs: Lister<Job>;
  readonly #pods: Lister<Pod>;
  readonly #newest: MutationCache<Job>;
  readonly #expectations: Expectations;
  readonly #backoff = new Map<string, BackoffRecord>();
  readonly #support: JobSyncSupport;

  constructor(context: ControllerContext) {
    this.#context = context;
    const limiter = () => new ExponentialFailureRateLimiter(API_BACKOFF, MAX_API_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter());
    this.#orphans = new WorkQueue(context.clock, context.context, limiter());
    this.#expectations = new Expectations(context.clock);
    const recorder = recorderFor(context, 'job-controller');
    const jobs = context.informers.for<Job>(RESOURCES.jobs);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    indexPodsByOwner(pods);
    this.#jobs = jobs.lister;
    this.#pods = pods.lister;
    this.#newest = new MutationCache(jobs.lister);
    this.#support = {
      recorder,
      podControl: new PodControl(context.client, recorder),
      expectations: this.#expectations,
      backoffOf: (key) => this.#backoff.get(key),
      setBackoff: (key, record) => this.#backoff.set(key, record),
      again: (key, delay) => this.#queue.addAfter(key, delay, { periodic: true }),
      wrote: (job) => this.#newest.mutation(job),
    };
    jobs.addHandler({
      onAdd: (job) => this.#queue.add(keyOf(job)),
      onUpdate: (_, job) => this.#queue.add(keyOf(job)),
      onDelete: (job) => {
        this.#queue.add(keyOf(job));
        for (const pod of podsControlledBy(this.#pods, job))
          if (isTracked(pod)) this.#orphans.add(keyOf(pod));
      },
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPodAdd(pod),
      onUpdate: (old, pod) => this.#onPodUpdate(old, pod),
      onDelete: (pod) => this.#onPodDelete(pod),
    });
  }

  async run(): Promise<void> {
    await Promise.all([
      runWorkers(this.#queue, WORKERS, (key) => this.#sync(key)),
      runWorkers(this.#orphans, 1, (key) => this.#syncOrphan(key)),
    ]);
  }

  #ownerOf(pod: Pod): Job | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'Job') return undefined;
    const job = this.#jobs.get(pod.metadata!.namespace!, reference.name);
    return job?.metadata?.uid === reference.uid ? job : undefined;
  }

  #onPodAdd(pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod);
    if (controllerOf(pod) === undefined) return this.#enqueueMatching(pod);
    const job = this.#ownerOf(pod);
    if (job === undefined) return this.#enqueueOrphan(pod);
    this.#expectations.creationObserved(keyOf(job));
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  #onPodUpdate(old: Pod, pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod);
    const before = this.#ownerOf(old);
    const job = this.#ownerOf(pod);
    if (before !== undefined && before !== job) this.#queue.addAfter(keyOf(before), SYNC_BATCH);
    if (controllerOf(pod) === undefined) return this.#enqueueMatching(pod);
    if (job === undefined) return this.#enqueueOrphan(pod);
    if (isJobFinished(job)) this.#enqueueOrphan(pod);
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  /** Gone, or marked for it: then it is counted and its finalizer comes off. */
  #onPodDelete(pod: Pod): void {
    const job = this.#ownerOf(pod);
    if (job === undefined || isJobFinished(job)) this.#enqueueOrphan(pod);
    if (job === undefined) return;
    this.#expectations.deletionObserved(keyOf(job), keyOf(pod));
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  #enqueueMatching(pod: Pod): void {
    this.#enqueueOrphan(pod);
    for (const job of this.#jobs.list(pod.metadata!.namespace)) {
      if (labelSelectorAsSelector(job.spec?.selector).matches(pod.metadata!.labels)) {
        this.#queue.addAfter(keyOf(job), SYNC_BATCH);
      }
    }
  }

  #enqueueOrphan(pod: Pod): void {
    if (isTracked(pod)) this.#orphans.add(keyOf(pod));
  }

  async #sync(key: string): Promise<void> {
    const job = this.#newest.getByKey(key);
    if (job === undefined) {
      this.#expectations.forget(key);
      this.#backoff.delete(key);
      return;
    }
    if (isJobFinished(job)) {
      this.#backoff.delete(key);
      return;
    }
    const pods = await claimObjects(
      this.#context.client,
      job,
      RESOURCES.jobs,
      RESOURCES.pods,
      labelSelectorAsSelector(job.spec!.selector),
      podsToClaim(this.#pods, job),
      { finalizers: [TRACKING_FINALIZER] },
    );
    await new JobSync(this.#context, this.#support, job, pods).run();
  }

  /** Models syncOrphanPod. */
  async #syncOrphan(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod === undefined || !isTracked(pod)) return;
    const job = this.#ownerOf(pod);
    if (job !== undefined && !isJobFinished(job)) return;
    await releasePod(this.#context.client, pod);
  }
}
