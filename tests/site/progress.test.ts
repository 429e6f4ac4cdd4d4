import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('the sidebar', () => {
  afterAll(() => site?.close());

  it('shows how far the reader has come in a note, and keeps it', async () => {
    const { page, faults } = await site!.open('docs/');
    await hydrated(page);
    const sidebar = page.getByRole('navigation', { name: /사이드바|sidebar/i });
    const link = sidebar.getByRole('link', { name: /^읽는 법/ });
    expect(await link.innerText()).toBe('읽는 법');
    await runBlock(page, 'first-block-1');
    await link.filter({ hasText: '1/2' }).waitFor();
    await runBlock(page, 'manifest-1');
    await link.filter({ hasText: '✓ 2' }).waitFor();
    await page.goto(site!.address + NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    const total = await page.locator('.live-block').count();
    const note = sidebar.getByRole('link', { name: `Kube-API Server , 블록 ${total}개 가운데 1개 실행함` });
    await note.waitFor();
    // To start over takes nothing from what was learnt.
    await page.getByRole('button', { name: '초기화', exact: true }).click();
    await page.reload();
    await note.waitFor();
    await link.filter({ hasText: '✓ 2' }).waitFor();
    expect(faults).toEqual([]);
  });
});
