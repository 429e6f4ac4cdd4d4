import { CHECK_STEPS } from './check-steps.mts';
import { runSteps } from './run.mts';

/**
 * `npm test`: types, lint, units, golden replays, then the built site in a real browser.
 * `npm test -- NAME…` runs only the vitest files whose path contains NAME.
 */
const filter = process.argv.slice(2);
const vitest = (project: string) => ['vitest', 'run', '--project', project, ...filter];

const failures = await runSteps([
  ...(filter.length === 0 ? CHECK_STEPS : []),
  { name: 'units', command: 'npx', args: vitest('unit') },
  { name: 'golden replays', command: 'npx', args: vitest('golden') },
  ...(filter.length === 0 ? [{ name: 'build', command: 'npx', args: ['docusaurus', 'build'] }] : []),
  { name: 'the site in a browser', command: 'npx', args: vitest('site') },
]);
process.exitCode = failures.length === 0 ? 0 : 1;
