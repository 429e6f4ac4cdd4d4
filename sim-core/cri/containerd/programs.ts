import type { Program } from '../../node/program.ts';
import { cancelled } from '../../node/program.ts';

/** How long a server takes from SIGTERM to its end. */
const SHUTDOWN_MS = 150;

/** A daemon that serves until it is told to stop. */
export const server: Program = async ({ clock, terminated, killed }) => {
  await Promise.race([cancelled(terminated), cancelled(killed)]);
  await clock.sleep(SHUTDOWN_MS, { context: killed });
  return 0;
};
