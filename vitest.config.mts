import { defineConfig } from 'vitest/config';

/** Nothing here is timed: these only end a test that hangs, also on a machine that is busy with other things. */
const PATIENCE = { testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['sim-core/**/*.test.ts', 'src/**/*.test.{ts,tsx}', 'tools/**/*.test.mts'],
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'golden',
          include: ['tests/golden/**/*.test.ts', 'tests/note/**/*.test.ts'],
          ...PATIENCE,
        },
      },
      { test: { name: 'clients', include: ['tests/clients/**/*.test.ts'], ...PATIENCE } },
      // What takes minutes: `npm run test:long`.
      { test: { name: 'long', include: ['tests/long/**/*.test.ts'], ...PATIENCE } },
      {
        test: {
          name: 'site',
          include: ['tests/site/**/*.test.ts'],
          ...PATIENCE,
          fileParallelism: false,
          // A browser on a busy machine: what passes only then is named at the end of `npm test`.
          retry: 1,
        },
      },
    ],
  },
});
