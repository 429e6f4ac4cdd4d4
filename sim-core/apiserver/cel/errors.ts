/** An expression that is no expression, or whose types do not fit; the message is cel-go's. */
export class CompilationError extends Error {
  override readonly name = 'CompilationError';
  /** Upstream takes it for a fault of its own. */
  readonly isInternal: boolean;
  constructor(message: string, isInternal = false) {
    super(message);
    this.isInternal = isInternal;
  }
}

/** An expression that came to no value; the message is cel-go's. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** What had been spent when there was no more to spend; undefined for other failures. */
  readonly overspent: number | undefined;

  constructor(message: string, overspent?: number) {
    super(message);
    this.overspent = overspent;
  }

  /** True if nothing in the expression can make it good. */
  get isFinal(): boolean {
    return this.overspent !== undefined;
  }
}
