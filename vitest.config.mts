import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['sim-core/**/*.test.ts', 'src/**/*.test.{ts,tsx}', 'tools/**/*.test.mts'],
        },
      },
      { test: { name: 'golden', include: ['tests/golden/**/*.test.ts', 'tests/note/**/*.test.ts'] } },
      {
        test: {
          name: 'site',
          include: ['tests/site/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
