/** Exit codes of etcd's tools. Models pkg/cobrautl/error.go. */
export const EXIT = {
  error: 1,
  badConnection: 2,
  invalidInput: 3,
  badFeature: 4,
  interrupted: 5,
  badArgs: 128,
} as const;

/** Ends the program without a word: what there was to say has been said. */
export class SilentExit extends Error {
  override readonly name = 'SilentExit';
  readonly exit = EXIT.error;
}

/** Ends the program with "Error: …" and an exit code. Models ExitWithError. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exit: number;

  constructor(exit: keyof typeof EXIT, message: string) {
    super(message);
    this.exit = EXIT[exit];
  }
}
