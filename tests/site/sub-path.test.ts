import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Site } from './browser.ts';
import { hydrated, NOTE, openSite, ROOT, runBlock } from './browser.ts';

describe('the site under /notes/', () => {
  const directory = mkdtempSync(join(tmpdir(), 'site-'));
  let site: Site | undefined;

  beforeAll(async () => {
    const docusaurus = join(ROOT, 'node_modules/.bin/docusaurus');
    execFileSync(docusaurus, ['build', '--out-dir', directory], {
      cwd: ROOT,
      env: { ...process.env, BASE_URL: '/notes/', NODE_ENV: 'production', NO_UPDATE_NOTIFIER: '1' },
      stdio: 'pipe',
    });
    site = await openSite(directory, '/notes/');
  });
  afterAll(async () => {
    await site?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('runs blocks of every kind', async (context) => {
    if (site === undefined) return context.skip();
    const { page, faults } = await site.open(NOTE);
    await hydrated(page);
    expect(await runBlock(page, 'flow-read-1')).toContain('controlplane');
    expect(await runBlock(page, 'flow-create-4', "console.log((await fetch('/api/v1/nodes')).status)")).toBe(
      '200\n',
    );
    expect(faults).toEqual([]);
  });
});
