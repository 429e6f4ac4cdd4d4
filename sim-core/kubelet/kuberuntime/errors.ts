/** Reasons for which a container does not run, as they stand in `state.waiting.reason`. */
export type WaitingReason =
  | 'ErrImagePull'
  | 'ImagePullBackOff'
  | 'ErrImageNeverPull'
  | 'InvalidImageName'
  | 'CrashLoopBackOff'
  | 'CreateContainerConfigError'
  | 'CreateContainerError'
  | 'RunContainerError'
  | 'PostStartHookError';

/** A container could not be started. `retryAfter` is when it makes sense to try again (milliseconds), if known. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly reason: WaitingReason;
  readonly retryAfter: number | undefined;

  constructor(reason: WaitingReason, message: string, retryAfter?: number) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** A sync did not reach its end; it is to be tried again after `retryAfter` milliseconds. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** How long a pod waits after a sync that failed, if nothing says otherwise. Models backOffPeriod. */
export const BACK_OFF_PERIOD_MS = 10_000;
