/** What ends a running program: `message` is in mawk's words, without "run time error: ". */
export class AwkProblem extends Error {
  override readonly name = 'AwkProblem';
}

/** A limit of mawk, or a file that cannot be read or made: it ends the program without naming a record. */
export class AwkFailure extends Error {
  override readonly name = 'AwkFailure';
}
