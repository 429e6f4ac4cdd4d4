const PAUSE_MS = 50;

/** Runs `check` until it no longer throws, for at most `limit` milliseconds; then throws what it threw last. */
export async function eventually(check: () => void | Promise<void>, limit = 20_000): Promise<void> {
  for (const end = Date.now() + limit; ;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
