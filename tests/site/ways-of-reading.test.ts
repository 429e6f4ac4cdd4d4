import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, panelOf, runBlock } from './browser.ts';

const site = await openSite();

/** Where the keyboard is: the block, and what in it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return {
      block: element?.closest('.live-block')?.id ?? '',
      tag: element?.tagName ?? '',
      name: name.trim(),
    };
  });

/** Presses Tab until the keyboard is where it is wanted; fails if it never comes there. */
async function tabTo(
  page: Page,
  wanted: (at: Awaited<ReturnType<typeof focused>>) => boolean,
  limit = 120,
): Promise<void> {
  for (let count = 0; count < limit; count++) {
    await page.keyboard.press('Tab');
    if (wanted(await focused(page))) return;
  }
  throw new Error(`Tab does not lead there; it ends at ${JSON.stringify(await focused(page))}`);
}

describe.skipIf(site === undefined)('ways of reading', () => {
  afterAll(() => site?.close());

  it('lead through a whole lesson by the keyboard alone', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    const ids = await page.locator('.live-block').evaluateAll((blocks) => blocks.map(({ id }) => id));
    // The first Tab offers to skip what stands before the text.
    await page.keyboard.press('Tab');
    expect((await focused(page)).name).toContain('본문');
    await page.keyboard.press('Enter');
    for (const id of ids) {
      await tabTo(page, ({ block, tag }) => block === id && tag === 'TEXTAREA');
      // What has the keyboard is seen to have it.
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
      expect(outline, id).not.toBe('none');
      await page.keyboard.press('Control+Enter');
      await page.waitForFunction(
        (name) => ['done', 'failed'].includes(document.getElementById(name)?.dataset['phase'] ?? ''),
        id,
        { timeout: 60_000 },
      );
      expect(await page.locator(`[id="${id}"]`).getAttribute('data-phase'), id).toBe('done');
    }
    // Results, the flow and the lab are reached the same way, and left again.
    await tabTo(page, ({ name }) => name.startsWith('결과'));
    await page.keyboard.press('ArrowRight');
    expect((await focused(page)).name).toMatch(/^요청 흐름/);
    await tabTo(page, ({ name }) => name === '실습실 열기');
    await page.keyboard.press('Enter');
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    await tabTo(page, ({ name }) => name.startsWith('닫기') || name.includes('닫기'));
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('compose Hangul in a block without running it', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const code = page.locator('#flow-read-1 textarea');
    await code.fill('# ');
    await code.focus();
    await page.keyboard.press('Control+End');
    const client = await page.context().newCDPSession(page);
    for (const text of ['ㅎ', '하', '한', '한ㄱ', '한그', '한글']) {
      await client.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
      await code.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, ctrlKey: true, isComposing: true });
      await code.dispatchEvent('keydown', { key: 'Escape', keyCode: 229, isComposing: true });
    }
    expect(await page.locator('#flow-read-1').getAttribute('data-phase')).toBe('static');
    await client.send('Input.insertText', { text: '한글' });
    expect(await code.inputValue()).toBe('# 한글');
    expect(await code.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('stand still for who asks for it', async () => {
    const { page } = await site!.open(NOTE, { reducedMotion: 'reduce' });
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    await page.locator('#flow-create-2').getByRole('tab', { name: '요청 흐름' }).click();
    await page.locator('#flow-create-2').getByRole('button', { name: /^인증/ }).first().waitFor();
    const moving = await page.evaluate(
      () =>
        document
          .getAnimations()
          .filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1).length,
    );
    expect(moving).toBe(0);
  });

  it('are dark, or not, from the first picture on', async () => {
    for (const [system, presses, expected] of [
      ['dark', 0, 'dark'],
      ['light', 0, 'light'],
      // By its button: the system's, then light, then dark.
      ['light', 2, 'dark'],
      ['dark', 1, 'light'],
    ] as const) {
      const { page } = await site!.open(NOTE, { colorScheme: system });
      await hydrated(page);
      for (let press = 0; press < presses; press++)
        await page.getByRole('button', { name: /^어두운 모드와 밝은 모드 전환하기/ }).click();
      // Each theme that the page has had while there was something to see.
      await page.addInitScript(() => {
        const seen: string[] = [];
        Object.assign(window, { seenThemes: seen });
        new MutationObserver(() => {
          const theme = document.documentElement?.dataset['theme'] ?? '';
          if (document.getElementById('__docusaurus') !== null && seen.at(-1) !== theme) seen.push(theme);
        }).observe(document, { attributes: true, childList: true, subtree: true });
      });
      await page.reload();
      await hydrated(page);
      const seen = await page.evaluate(() => (window as unknown as { seenThemes: string[] }).seenThemes);
      expect(seen, `${system}, ${presses} presses`).toEqual([expected]);
    }
  });

  it('print: text, code and results, and nothing to press', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    await page.emulateMedia({ media: 'print' });
    const block = page.locator('#flow-read-1');
    expect(await block.locator('pre').first().isVisible()).toBe(true);
    expect(await panelOf(page, 'flow-read-1')).toContain('controlplane');
    const shown = await page
      .locator('button:visible, textarea:visible, nav:visible, [role="tablist"]:visible')
      .evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML.slice(0, 120)));
    expect(shown).toEqual([]);
    // The list of all nodes would be eight pages of JSON.
    const long = page.locator('#flow-read-2');
    expect(await long.getByText('나머지는 화면에서 본다').isVisible()).toBe(true);
    expect(await long.evaluate(({ clientHeight }) => clientHeight)).toBeLessThan(1800);
    // Nothing is cut off at the side of the paper.
    const wide = await page
      .locator('.live-block [role="tabpanel"]')
      .evaluateAll(
        (panels) => panels.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1).length,
      );
    expect(wide).toBe(0);
  });

  it('print: dark on white, whatever the screen shows', async () => {
    const { page } = await site!.open(NOTE, { colorScheme: 'dark' });
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    /** The lightest colour of texts, 255 for white. */
    const lightest = () =>
      page.locator('article :is(h2, p, li, pre, pre span)').evaluateAll((elements) =>
        Math.max(
          ...elements.map((element) => {
            const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/\d+/g) ?? []).map(
              Number,
            );
            return 0.3 * red + 0.6 * green + 0.1 * blue;
          }),
        ),
      );
    expect(await lightest()).toBeGreaterThan(200);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await lightest()).toBeLessThan(130);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await lightest()).toBeGreaterThan(200);
  });
});
