import { afterAll, describe, expect, it } from 'vitest';
import { NOTE, openSite } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('an address that leads nowhere', () => {
  afterAll(() => site?.close());

  it('is a search for its own words', async () => {
    const { page, faults } = await site!.open('docs/old/kube-apiserver.html');
    await page.getByRole('heading', { name: '그런 페이지가 없다' }).waitFor();
    await expect.poll(() => page.title(), { timeout: 10_000 }).toContain('그런 페이지가 없다');
    const words = page.getByRole('searchbox', { name: '노트에서 찾을 말' });
    await expect.poll(() => words.inputValue()).toBe('kube apiserver');
    await words.press('Enter');
    await page
      .locator(`a[href*="${NOTE.slice(0, -1)}"]`)
      .first()
      .waitFor();
    expect(new URL(page.url()).pathname).toBe('/search/');
    expect(faults.filter((fault) => !/\b404\b/.test(fault))).toEqual([]);
  });
});
