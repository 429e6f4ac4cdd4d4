import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { listBuild, serviceWorkerText } from '../../src/plugins/offline.ts';
import type { Site } from './browser.ts';
import { hydrated, NOTE, openSite, ROOT, runBlock } from './browser.ts';

/** Waits until everything but what is used seldom, or with `all` that too, is kept. */
async function kept(page: Page, all = false): Promise<void> {
  const count = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      if (registration?.active?.state !== 'activated') return 0;
      const names = (await caches.keys()).filter((name) => name.startsWith('site '));
      const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return Math.max(0, ...keys.map(({ length }) => length));
    });
  const minimum = all ? Object.keys(filesOfBuild()).length : 100;
  await expect.poll(count, { timeout: 120_000 }).toBeGreaterThanOrEqual(minimum);
}

function filesOfBuild(): object {
  const text = readFileSync(join(ROOT, 'build/sw.js'), 'utf8');
  return (JSON.parse(text.slice(text.indexOf('{'), text.indexOf(';\n'))) as { files: object }).files;
}

describe('a site that was visited once', () => {
  /** Own copies: a test puts another build in the place of one. */
  const directory = mkdtempSync(join(tmpdir(), 'site-'));
  let site: Site | undefined;
  const visit = async (path: string) => {
    cpSync(join(ROOT, 'build'), directory, { recursive: true });
    site = await openSite(directory, '/');
    return site?.open(path, { keepSite: true });
  };
  afterEach(() => site?.close());
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('is read, run, edited and searched without a network', async (context) => {
    const opened = await visit(NOTE);
    if (opened === undefined) return context.skip();
    const { page, faults } = opened;
    await hydrated(page);
    await kept(page, true);
    // Not only the network is gone: so is the host.
    await page.context().setOffline(true);
    await page.reload();
    await hydrated(page);
    expect(await runBlock(page, 'flow-read-1')).toMatch(/controlplane +Ready/);
    expect(await runBlock(page, 'flow-create-1', 'kubectl get nodes -o name | sort | head -1')).toBe(
      'node/controlplane\n',
    );
    expect(await runBlock(page, 'flow-create-4', "console.log('offline')")).toBe('offline\n');
    const block = page.locator('#flow-create-4');
    await block.getByRole('button', { name: /편집$/ }).click();
    await block.locator('.monaco-editor').first().waitFor({ timeout: 60_000 });
    await page.goto(`${site!.address}docs`);
    await page.getByRole('heading', { name: '라이브 노트 읽는 법' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/docs/');
    await page.goto(`${site!.address}search/?q=etcd`);
    await page
      .locator(`a[href*="${NOTE.slice(0, -1)}"]`)
      .first()
      .waitFor();
    const missing = await page.goto(`${site!.address}no/such-page`);
    expect(missing?.status()).toBe(404);
    await page.getByRole('heading', { name: '그런 페이지가 없다' }).waitFor();
    expect(faults.filter((fault) => !/404|such-page/.test(fault))).toEqual([]);
  });

  it('stays of one build until the reader opens the next, and keeps the lab', async (context) => {
    const opened = await visit(NOTE);
    if (opened === undefined) return context.skip();
    const { page } = opened;
    await hydrated(page);
    await kept(page);
    await runBlock(page, 'flow-create-1');

    const file = join(directory, 'docs/index.html');
    writeFileSync(file, readFileSync(file, 'utf8').replace('<head>', '<head><meta name=next-build>'));
    const source = readFileSync(join(ROOT, 'src/service-worker/worker.ts'), 'utf8');
    writeFileSync(
      join(directory, 'sw.js'),
      serviceWorkerText(listBuild(directory, { page: [], rare: [] }), source),
    );
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    const notice = page.getByRole('status').filter({ hasText: '새 판이 있다' });
    await notice.waitFor({ timeout: 60_000 });

    // A page that is opened meanwhile is of the build that the first is of.
    const other = await page.context().newPage();
    await other.goto(`${site!.address}docs/`);
    expect(await other.locator('meta[name="next-build"]').count()).toBe(0);

    // Who is in the middle of something is not interrupted.
    await page.evaluate(() =>
      window.addEventListener('site-leaving', (event) => event.preventDefault(), { once: true }),
    );
    await notice.getByRole('button', { name: '다시 열기' }).click();
    await page.getByText('실행 중인 것이 있다').waitFor();

    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '다시 열기' }).click()]);
    await hydrated(page);
    await page.getByText(/에서 이어짐$/).waitFor();
    expect(await runBlock(page, 'flow-create-1')).toContain('pods "nginx" already exists');
    await other.reload();
    expect(await other.locator('meta[name="next-build"]').count()).toBe(1);

    // The old build goes when the last page of it has gone.
    await other.close();
    await page.reload();
    await expect
      .poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 60_000 })
      .toBe(1);
  });

  it('refuses a build whose files are of another', async (context) => {
    const opened = await visit('');
    if (opened === undefined) return context.skip();
    const { page } = opened;
    await kept(page);
    // In the middle of an upload the list is new and a file is not.
    const source = readFileSync(join(ROOT, 'src/service-worker/worker.ts'), 'utf8');
    const file = join(directory, 'docs/index.html');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, `${before}\n`);
    const next = serviceWorkerText(listBuild(directory, { page: [], rare: [] }), source);
    writeFileSync(file, before);
    writeFileSync(join(directory, 'sw.js'), next);
    const state = await page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.getRegistration())!;
      await registration.update();
      const worker = registration.installing!;
      await new Promise((resolve) => {
        worker.onstatechange = resolve;
      });
      return worker.state;
    });
    expect(state).toBe('redundant');
    expect(await page.getByText('새 판이 있다').count()).toBe(0);
  });
});
