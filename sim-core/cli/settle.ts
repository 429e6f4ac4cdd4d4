/** One turn of Node's event loop: all promise reactions that are ready have run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
