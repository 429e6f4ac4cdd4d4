import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, openSite, ROOT, runBlock } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('the home page', () => {
  afterAll(() => site?.close());

  it('lets the reader run something at once', async () => {
    const { page, faults } = await site!.open('');
    await hydrated(page);
    expect(await runBlock(page, 'quick-start')).toMatch(/pod\/hello created[^]*hello +1\/1 +Running/);
    expect(await runBlock(page, 'quick-http')).toMatch(/HTTP\/1\.1 200 OK[^]*"name": "hello"/);
    expect(faults).toEqual([]);
  });

  it('opens the editor on demand, with the types of a program', async () => {
    const { page, faults, fetched } = await site!.open('docs/cka/core-concepts/kube-apiserver/');
    await hydrated(page);
    const block = page.locator('#flow-create-4');
    await block.getByRole('button', { name: /편집$/ }).click();
    const editor = block.locator('.monaco-editor').first();
    await editor.waitFor({ timeout: 30_000 });
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nawait etcd.');
    const suggestions = page.locator('.suggest-widget');
    await suggestions.getByText('txn').first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await block.locator('textarea').first().waitFor();
    expect(faults).toEqual([]);
    expect(fetched.size).toBeGreaterThan(0);
  });

  it('sends a page little more than the theme does', async () => {
    const { fetched, page } = await site!.open('docs/cka/core-concepts/kube-apiserver/');
    await hydrated(page);
    await page.waitForLoadState('networkidle');
    const scripts = [...fetched.keys()].filter((path) => path.endsWith('.js'));
    const bytes = scripts.reduce(
      (sum, path) => sum + gzipSync(readFileSync(join(ROOT, 'build', path))).length,
      0,
    );
    // The theme with search is about 180 KB, the page's own text 30 KB; the live features have 40 KB,
    // the sidebar's progress and the offline site 2 KB, and what the theme tells of each lab 2 KB in all.
    expect(bytes).toBeLessThan(256 * 1024);
  });
});
