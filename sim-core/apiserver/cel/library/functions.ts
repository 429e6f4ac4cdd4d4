/**
 * A function that expressions may call: its name, the forms in which it may be called, as declarations write
 * them ("string.(int) string | (A) bool"), and what it does with the receiver and the arguments.
 */
export type CelFunction = readonly [
  name: string,
  signatures: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the signatures say what comes in
  run: (...values: any[]) => unknown,
];

/** Ends an expression; the message is cel-go's. */
export class CelFunctionError extends Error {
  override readonly name = 'CelFunctionError';
}
