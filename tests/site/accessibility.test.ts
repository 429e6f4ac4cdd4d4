import { afterAll, describe, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('accessibility', () => {
  afterAll(() => site?.close());

  it.each([
    ['light', '', 'quick-start'],
    ['dark', '', 'quick-start'],
    ['light', 'docs/', 'first-block-1'],
    ['light', NOTE, 'flow-create-2'],
    ['dark', NOTE, 'flow-create-2'],
  ] as const)('axe finds nothing: %s /%s', async (colorScheme, path, block) => {
    // The policy of the site keeps foreign scripts out, and axe with them.
    const { page } = await site!.open(path, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
    await hydrated(page);
    await runBlock(page, block);
    await page.locator(`#${block}`).getByRole('tab', { name: '요청 흐름' }).click();
    await page.locator(`#${block}`).getByRole('button', { name: /^인증/ }).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'axe finds nothing in the sheet of a phone: %s',
    async (colorScheme) => {
      const { page } = await site!.open(NOTE, {
        ...{ colorScheme, bypassCSP: true, reducedMotion: 'reduce', hasTouch: true, isMobile: true },
        viewport: { width: 390, height: 844 },
      });
      await hydrated(page);
      await runBlock(page, 'flow-create-2');
      const block = page.locator('#flow-create-2');
      await block.getByRole('button', { name: '요청 흐름' }).tap();
      const found: string[] = [];
      for (const tab of await block.getByRole('tab').all()) {
        await tab.tap();
        found.push(...(await violations(page)));
      }
      await block.getByRole('tab', { name: '요청 흐름' }).tap();
      await block.getByRole('button', { name: '한 단계씩 보기' }).tap();
      await block.getByRole('slider', { name: '단계' }).waitFor();
      found.push(...(await violations(page)));
      expect(found).toEqual([]);
    },
  );

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('axe finds nothing in the lab: %s, %i px', async (colorScheme, width) => {
    const { page } = await site!.open(`${NOTE}#lab/terminal`, {
      ...{ colorScheme, bypassCSP: true, reducedMotion: 'reduce', viewport: { width, height: 844 } },
    });
    await hydrated(page);
    const input = page.locator('#lab-terminal-input');
    await input.fill('kubectl run web --image=nginx');
    await input.press('Enter');
    await page.getByRole('log').getByText('pod/web created').waitFor();
    const found: string[] = [];
    for (const panel of [
      'terminal',
      'cluster',
      'etcd?key=/registry/pods/default/web',
      'replay',
      'events',
      'history',
    ]) {
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, `#lab/${panel}`);
      await page.waitForTimeout(1500);
      found.push(...(await violations(page)).map((violation) => `${panel}: ${violation}`));
    }
    expect(found).toEqual([]);
  });
});
