import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, ROOT, runBlock } from './browser.ts';

const site = await openSite();

interface FirstRun {
  readonly what: string;
  readonly path?: string;
  readonly block: string;
  /** What is typed into blocks before ▶; the blocks above run first, as they stand there. */
  readonly code?: Readonly<Record<string, string>>;
  /** Bytes, gzip, that the page may fetch between the first ▶ and the output. */
  readonly limit: number;
}

const READ = 'kubectl get nodes';

/**
 * What the design asks for is 250 KB for lines, requests and manifests, 620 KB with grammar, 560 KB for programs. What
 * the lab fetches right after the output, when time first moves (5 KB, on a busy machine 8), may be among what is
 * counted: of the 250 KB of a line it is 245 that its output waits for.
 */
const FIRST_RUNS: readonly FirstRun[] = [
  { what: 'a plain line of kubectl', block: 'flow-read-1', code: { 'flow-read-1': READ }, limit: 253_000 },
  { what: 'an HTTP block', block: 'flow-read-2', limit: 253_000 },
  {
    what: 'a line with shell grammar',
    block: 'flow-read-1',
    code: { 'flow-read-1': `${READ} | grep Ready` },
    limit: 483_500,
  },
  {
    what: 'a TypeScript block below blocks that read',
    block: 'flow-create-4',
    code: {
      'flow-create-1': READ,
      'flow-create-2': READ,
      'flow-create-3': 'GET /api/v1/nodes',
      'flow-create-4': "console.log('Ready');",
    },
    limit: 512_000,
  },
  // What checks and stores a pod, and what schedules, runs and follows it: the budgets are those of a read.
  { what: 'a manifest below a block that reads', path: 'docs/', block: 'manifest-1', limit: 323_000 },
  { what: 'a TypeScript block below blocks that write', block: 'flow-create-4', limit: 721_500 },
];

describe.skipIf(site === undefined)('what a first run fetches', () => {
  afterAll(() => site?.close());

  it.each(FIRST_RUNS)(
    'is no more than $limit bytes for $what',
    async ({ path = NOTE, block, code, limit }) => {
      const { page, fetched } = await site!.open(path);
      await hydrated(page);
      await page.waitForLoadState('networkidle');
      const before = new Set(fetched.keys());
      for (const [id, text] of Object.entries(code ?? {})) {
        await page.locator(`[id="${id}"] textarea`).fill(text);
      }
      expect(await runBlock(page, block)).toMatch(/Ready|HTTP\/1\.1 200|pod\/web created|201 Created/);
      const files = [...fetched.keys()].filter((file) => !before.has(file));
      const sizes = files.map((file) => gzipSync(readFileSync(join(ROOT, 'build', file))).length);
      // The worker is one of them: without it the sum would say nothing.
      expect(Math.max(...sizes)).toBeGreaterThan(100_000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limit);
    },
  );
});
