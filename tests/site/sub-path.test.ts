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
    execFileSync(join(ROOT, 'node_modules/.bin/tsx'), ['tools/build.mts', '--out-dir', directory], {
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

  it('is kept for offline use, and nothing outside of it', async (context) => {
    if (site === undefined) return context.skip();
    const { page } = await site.open(NOTE, { keepSite: true });
    const files = () =>
      page.evaluate(async () => {
        const name = (await caches.keys())[0];
        const keys = name === undefined ? [] : await (await caches.open(name)).keys();
        return keys.map(({ url }) => new URL(url).pathname);
      });
    await expect.poll(async () => (await files()).length, { timeout: 120_000 }).toBeGreaterThan(100);
    expect((await files()).filter((path) => !path.startsWith('/notes/'))).toEqual([]);
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 60_000 })
      .toBe(true);
    await page.context().setOffline(true);
    await page.goto(`${site.address}docs`);
    expect(new URL(page.url()).pathname).toBe('/notes/docs/');
    await page.getByRole('heading', { name: '라이브 노트 읽는 법' }).waitFor();
  });
});
