import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NOTE, openSite, ROOT } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('search', () => {
  afterAll(() => site?.close());

  it.each([
    'kube-apiserver',
    'apiserver',
    'etcd',
    '인증',
    '검증',
    '요청 흐름',
    '스케줄러',
    'kube-apisever',
    'kubernetes control plane',
    // Names of kinds and flags, texts of errors, keywords, typos.
    'apisever',
    '스케쥴러',
    'NodeList',
    '--etcd-servers',
    'authorization-mode',
    'binding',
    'invalid option',
    'no need to specify a resource type',
    '401 Unauthorized',
    '201 Created',
    'kubeadm kube-apiserver',
    '미러 파드',
    // English terms that stand in parentheses behind the Korean ones.
    'mirror pod',
    'static',
  ])('finds the note by %s', async (query) => {
    const { page, faults } = await site!.open(`search/?q=${encodeURIComponent(query)}`);
    await page
      .locator(`a[href*="${NOTE.slice(0, -1)}"]`)
      .first()
      .waitFor({ timeout: 15_000 });
    expect(faults).toEqual([]);
  });

  it('leaves the focus where the reader went while its index was on the way', async () => {
    const { page, faults } = await site!.open('docs/');
    await page.waitForSelector('html[data-has-hydrated="true"]');
    let letCome = () => {};
    const held = new Promise<void>((resolve) => (letCome = resolve));
    await page.route('**/search-index*.json*', async (route) => {
      await held;
      await route.continue();
    });
    const field = page
      .getByRole('navigation')
      .getByRole('combobox', { name: '노트 찾기' })
      .or(page.locator('.navbar__search-input'));
    await field.first().click();
    await page.keyboard.press('Tab');
    const index = page.waitForResponse(/search-index/);
    letCome();
    await (await index).finished();
    // The field is set up with it: only then it has a list.
    await page.locator('.navbar__search [role="listbox"]').first().waitFor({ state: 'attached' });
    const inField = () =>
      page.evaluate(() => document.activeElement?.matches('.navbar__search-input') === true);
    expect(await inField()).toBe(false);
    await page.keyboard.press('Control+k');
    expect(await inField()).toBe(true);
    expect(faults).toEqual([]);
  });

  it('knows what blocks say, not their buttons', () => {
    const index = readFileSync(join(ROOT, 'build/search-index.json'), 'utf8');
    expect(index).toContain('kubectl get pods -n kube-system');
    expect(index).toContain('/etc/kubernetes/manifests/kube-apiserver.yaml');
    for (const words of ['출력 지우기', '실행편집', 'etcd 변화이벤트', '터미널노드'])
      expect(index).not.toContain(words);
  });

  it('opens from the keyboard', async () => {
    const { page } = await site!.open('');
    await page.waitForSelector('html[data-has-hydrated="true"]');
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('etcd');
    await page.locator('[class*="suggestion"]').first().waitFor({ timeout: 15_000 });
  });
});
