import type { Step } from './run.mts';

/** Everything cheap: what `npm run check` runs, and `npm test` first. */
export const CHECK_STEPS: readonly Step[] = [
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'types: site', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types: service worker', command: 'tsc', args: ['-p', 'src/service-worker/tsconfig.json'] },
  { name: 'types: sim-core', command: 'tsc', args: ['-p', 'sim-core/tsconfig.json'] },
  { name: 'types: sim-core, Node parts', command: 'tsc', args: ['-p', 'sim-core/tsconfig.node.json'] },
  { name: 'types: sim-core, unit tests', command: 'tsc', args: ['-p', 'sim-core/tsconfig.test.json'] },
  { name: 'types: tests and tools', command: 'tsc', args: ['-p', 'tests/tsconfig.json'] },
  { name: 'lint and import boundaries', command: 'eslint', args: ['--max-warnings', '0', '.'] },
  { name: 'dead code', command: 'knip', args: [] },
  { name: 'audit of the dependencies', command: 'tsx', args: ['tools/audit.mts'] },
];
