/** A function that expressions may call: cel-js's signature, and what it does. */
export type CelFunction = readonly [
  signature: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the signature says what comes in
  run: (...values: any[]) => unknown,
];

/** Ends an expression; the message is cel-go's. */
export class CelFunctionError extends Error {
  override readonly name = 'CelFunctionError';
}
