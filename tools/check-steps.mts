import type { Step } from './run.mts';

/** Everything cheap: what `npm run check` runs, and `npm test` first. */
export const CHECK_STEPS: readonly Step[] = [
  { name: 'format', command: 'npx', args: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'types: site', command: 'npx', args: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types: sim-core', command: 'npx', args: ['tsc', '-p', 'sim-core/tsconfig.json'] },
  { name: 'types: sim-core, Node parts', command: 'npx', args: ['tsc', '-p', 'sim-core/tsconfig.node.json'] },
  { name: 'types: sim-core, unit tests', command: 'npx', args: ['tsc', '-p', 'sim-core/tsconfig.test.json'] },
  { name: 'types: tests and tools', command: 'npx', args: ['tsc', '-p', 'tests/tsconfig.json'] },
  { name: 'lint and import boundaries', command: 'npx', args: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'dead code', command: 'npx', args: ['knip'] },
];
