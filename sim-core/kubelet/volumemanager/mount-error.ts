/** A volume cannot be mounted now; `message` is what the event FailedMount says after the volume's name. */
export class MountError extends Error {
  /** The failing operation as the event names it. */
  readonly operation: string;

  constructor(message: string, operation = 'MountVolume.SetUp failed') {
    super(message);
    this.operation = operation;
  }
}
