import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, ROOT, runBlock } from './browser.ts';

const site = await openSite();

/** Bytes, gzip, that a page may fetch between the first ▶ and its output. */
const LIMITS = [
  { what: 'a plain line of kubectl', block: 'flow-create-1', code: 'kubectl get nodes', limit: 345_000 },
  {
    what: 'a line with shell grammar',
    block: 'flow-create-1',
    code: 'kubectl get nodes | grep Ready',
    limit: 700_000,
  },
  {
    what: 'a TypeScript block',
    block: 'flow-create-4',
    code: "console.log('Ready');",
    limit: 858_000,
  },
];

describe.skipIf(site === undefined)('what a first run fetches', () => {
  afterAll(() => site?.close());

  it.each(LIMITS)('is no more than $limit bytes for $what', async ({ block, code, limit }) => {
    const { page, fetched } = await site!.open(NOTE);
    await hydrated(page);
    await page.waitForLoadState('networkidle');
    const before = new Set(fetched.keys());
    expect(await runBlock(page, block, code)).not.toBe('');
    const files = [...fetched.keys()].filter((path) => !before.has(path) && /\.(js|json|wasm|bin)$/.test(path));
    const sizes = files.map((path) => gzipSync(readFileSync(join(ROOT, 'build', path))).length);
    // The worker is one of them: without it the sum would say nothing.
    expect(Math.max(...sizes)).toBeGreaterThan(100_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limit);
  });
});
