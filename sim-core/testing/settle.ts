/** One turn of Node's event loop: every promise reaction that is ready has run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
