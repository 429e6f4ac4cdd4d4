import { parseServeOptions } from './options.ts';
import { StartError, startServing } from './serve.ts';

/**
 * `sim serve`: prints "serving https://127.0.0.1:N" when it is up, and ends on Ctrl-C or SIGTERM; a second
 * one does not wait. Resolves to the exit code; throws a UsageError.
 */
export async function runServe(args: readonly string[]): Promise<number> {
  const options = parseServeOptions(args);
  try {
    const { url, stop } = await startServing(options);
    process.stdout.write(`serving ${url}\n`);
    await interrupted();
    process.once('SIGINT', () => process.exit(130));
    await stop();
    return 0;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
