import { CHECK_STEPS } from './check-steps.mts';
import { runSteps } from './run.mts';

/** `npm run check`; `npm run check -- types` runs the steps whose name contains "types". */
const [filter = ''] = process.argv.slice(2);
const failures = await runSteps(CHECK_STEPS.filter(({ name }) => name.includes(filter)));
process.exitCode = failures.length === 0 ? 0 : 1;
