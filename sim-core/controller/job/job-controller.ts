import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
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
import { indexPodsByOwner, podsToClaim } from '../util/pods-by-owner.ts';
import { isJobFinished } from './conditions.ts';
import { FinalizerExpectations } from './finalizer-expectations.ts';
import { SYNC_BATCH } from './job-pods.ts';
import { JobSync } from './job-sync.ts';
import { isTracked, releasePod, TRACKING_FINALIZER } from './pod-tracking.ts';
import { JobSyncState, type JobSyncSupport } from './sync-state.ts';

/** Delays of a sync that failed, in milliseconds. */
const API_BACKOFF = 1000;
const MAX_API_BACKOFF = 60_000;
const WORKERS = 5;
/** What a job's managedBy says if this controller is to run it. */
const CONTROLLER_NAME = 'kubernetes.io/job-controller';

/** Runs pods to their end until a Job is done. Models pkg/controller/job Controller. */
export class JobController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  /** Pods whose job cannot count them any more. */
  readonly #orphans: WorkQueue;
  readonly #jobs: Lister<Job>;
  readonly #pods: Lister<Pod>;
  readonly #newest: MutationCache<Job>;
  readonly #support: JobSyncSupport;

  constructor(context: ControllerContext) {
    this.#context = context;
    const limiter = () => new ExponentialFailureRateLimiter(API_BACKOFF, MAX_API_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter());
    this.#orphans = new WorkQueue(context.clock, context.context, limiter());
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
      expectations: new Expectations(context.clock),
      finalizers: new FinalizerExpectations(),
      backoff: new Map(),
      again: (key, delay) => this.#queue.addAfter(key, delay, { periodic: true }),
      wrote: (job) => this.#newest.mutation(job),
    };
    jobs.addHandler({
      onAdd: (job) => this.#queue.add(keyOf(job)),
      onUpdate: (old, job) => this.#onJobUpdate(old, job),
      onDelete: (job) => {
        this.#queue.add(keyOf(job));
        this.#enqueueOrphansOf(job);
      },
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPodAdd(pod),
      onUpdate: (old, pod) => this.#onPodUpdate(old, pod),
      onDelete: (pod) => this.#onPodDelete(pod, true),
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

  /** Changes of the spec are looked at at once, those of the status together with the pods'. */
  #onJobUpdate(old: Job, job: Job): void {
    const key = keyOf(job);
    if (isJobFinished(job)) return this.#enqueueOrphansOf(job);
    if (job.metadata!.generation !== old.metadata!.generation) this.#queue.add(key);
    else this.#queue.addAfter(key, SYNC_BATCH);
    const { activeDeadlineSeconds } = job.spec!;
    const start = job.status?.startTime;
    if (start === undefined || activeDeadlineSeconds === undefined) return;
    if (activeDeadlineSeconds === old.spec!.activeDeadlineSeconds) return;
    this.#queue.addAfter(key, Date.parse(start) + activeDeadlineSeconds * 1000 - this.#context.clock.now(), {
      periodic: true,
    });
  }

  /** The pods of a job that is over or gone: nobody counts them any more. */
  #enqueueOrphansOf(job: Job): void {
    const selector = labelSelectorAsSelector(job.spec!.selector);
    for (const pod of podsToClaim(this.#pods, job)) {
      if (selector.matches(pod.metadata!.labels)) this.#enqueueOrphan(pod);
    }
  }

  #onPodAdd(pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod, false);
    if (controllerOf(pod) === undefined) {
      this.#enqueueOrphan(pod);
      return this.#enqueueMatching(pod);
    }
    const job = this.#ownerOf(pod);
    if (job === undefined) return;
    this.#support.expectations.creationObserved(keyOf(job));
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  #onPodUpdate(old: Pod, pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod, false);
    const [before, now] = [controllerOf(old), controllerOf(pod)];
    const hasMoved = !deepEqual(before, now);
    if (hasMoved) this.#onChangeOf(this.#ownerOf(old), pod);
    if (now !== undefined) return this.#onChangeOf(this.#ownerOf(pod), pod);
    this.#enqueueOrphan(pod);
    if (hasMoved || !deepEqual(old.metadata!.labels, pod.metadata!.labels)) this.#enqueueMatching(pod);
  }

  #onChangeOf(job: Job | undefined, pod: Pod): void {
    if (job === undefined) return;
    if (!isTracked(pod)) this.#support.finalizers.removalObserved(keyOf(job), pod.metadata!.uid!);
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  /** Gone, or (not `isFinal`) marked for it: then it is counted and its finalizer comes off. */
  #onPodDelete(pod: Pod, isFinal: boolean): void {
    const job = this.#ownerOf(pod);
    if (job === undefined || isJobFinished(job)) return this.#enqueueOrphan(pod);
    const { expectations, finalizers } = this.#support;
    expectations.deletionObserved(keyOf(job), keyOf(pod));
    if (isFinal || !isTracked(pod)) finalizers.removalObserved(keyOf(job), pod.metadata!.uid!);
    this.#queue.addAfter(keyOf(job), SYNC_BATCH);
  }

  #enqueueMatching(pod: Pod): void {
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
    const { client, clock } = this.#context;
    const { expectations, finalizers, backoff } = this.#support;
    const job = this.#newest.getByKey(key);
    if (job === undefined) {
      expectations.forget(key);
      finalizers.forget(key);
      backoff.delete(key);
      return;
    }
    if (isManagedByOther(job)) return;
    if (isJobFinished(job)) {
      backoff.delete(key);
      return;
    }
    // Asked before the pods are listed: what comes in between is looked at next time.
    const expectationsMet = expectations.satisfied(key);
    const pods = await claimObjects(
      client,
      job,
      RESOURCES.jobs,
      RESOURCES.pods,
      labelSelectorAsSelector(job.spec!.selector),
      podsToClaim(this.#pods, job),
      { finalizers: [TRACKING_FINALIZER] },
    );
    const state = new JobSyncState(job, key, pods, this.#support, clock.now());
    await new JobSync(client, this.#support, state).run(expectationsMet);
  }

  /** Takes the finalizer off a pod whose job cannot count it any more. Models handleSingleOrphanPod. */
  async #syncOrphan(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod === undefined || !isTracked(pod)) return;
    const reference = controllerOf(pod);
    if (reference !== undefined && !(reference.kind === 'Job' && reference.apiVersion === 'batch/v1')) return;
    const job = this.#ownerOf(pod);
    if (job !== undefined && (isManagedByOther(job) || !isJobFinished(job))) return;
    await releasePod(this.#context.client, pod);
  }
}

/** Models managedByExternalController. */
function isManagedByOther({ spec }: Job): boolean {
  return (spec!.managedBy ?? CONTROLLER_NAME) !== CONTROLLER_NAME;
}
