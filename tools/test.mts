import { CHECK_STEPS } from './check-steps.mts';
import { FailedTests } from './failed-tests.mts';
import { runSteps } from './run.mts';

/**
 * `npm test`: types, lint, units, golden replays, real clients, then the built site in a real browser.
 * `npm test -- NAME…` runs only the vitest files whose path contains NAME.
 */
const filter = process.argv.slice(2);
const failed = new FailedTests();
const vitest = (name: string, project: string) => ({
  name,
  command: 'vitest',
  args: [
    'run',
    '--project',
    project,
    ...failed.argumentsFor(project),
    ...(filter.length > 0 ? ['--passWithNoTests', ...filter] : []),
  ],
});

const failures = await runSteps([
  ...(filter.length === 0 ? CHECK_STEPS : []),
  vitest('units', 'unit'),
  vitest('golden replays', 'golden'),
  vitest('real clients', 'clients'),
  ...(filter.length === 0 ? [{ name: 'build', command: 'tsx', args: ['tools/build.mts'] }] : []),
  vitest('the site in a browser', 'site'),
]);
for (const line of failed.take()) process.stdout.write(`${line}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
