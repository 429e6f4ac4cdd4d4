import { CHECK_STEPS } from './check-steps.mts';
import { runSteps } from './run.mts';

const failures = await runSteps(CHECK_STEPS);
process.exitCode = failures.length === 0 ? 0 : 1;
