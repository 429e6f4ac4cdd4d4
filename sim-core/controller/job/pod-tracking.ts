import type { Job, JobStatus } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';

/** Keeps a pod until its end has been counted. */
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';

export const isTracked = (pod: Pod): boolean =>
  pod.metadata?.finalizers?.includes(TRACKING_FINALIZER) ?? false;

/** Pods whose end is written down but not yet part of the counts, by uid. */
export interface Uncounted {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

export function uncountedOf(status: JobStatus | undefined): Uncounted {
  const { succeeded = [], failed = [] } = status?.uncountedTerminatedPods ?? {};
  return { succeeded, failed };
}

/**
 * The status in which pods that lost their finalizer are counted. `tracked` are the uids of pods that
 * have it still. Models cleanUncountedPodsWithoutFinalizers.
 */
export function countReleased(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const uncounted = uncountedOf(status);
  const stays = (uid: string) => tracked.has(uid);
  const succeeded = uncounted.succeeded.filter(stays);
  const failed = uncounted.failed.filter(stays);
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + uncounted.succeeded.length - succeeded.length,
    failed: (status.failed ?? 0) + uncounted.failed.length - failed.length,
    uncountedTerminatedPods: {
      ...(succeeded.length > 0 && { succeeded }),
      ...(failed.length > 0 && { failed }),
    },
  };
}

/** Takes the finalizer off; a pod that is gone is as good. */
export async function releasePod(client: RestClient, pod: Pod): Promise<void> {
  const { namespace, name } = pod.metadata!;
  const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER] } };
  try {
    await client.patch(RESOURCES.pods, name!, 'strategic', patch, { namespace });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/** As Go leaves empty counts out; ready and terminating are pointers and stay. */
export function statusBody(job: Job, status: JobStatus): object {
  const { active, succeeded, failed, completedIndexes, failedIndexes, conditions, ...rest } = status;
  return {
    ...job,
    status: {
      ...rest,
      ...(active && { active }),
      ...(succeeded && { succeeded }),
      ...(failed && { failed }),
      ...(completedIndexes && { completedIndexes }),
      ...(failedIndexes !== undefined && { failedIndexes }),
      ...(conditions?.length && { conditions }),
    },
  };
}
