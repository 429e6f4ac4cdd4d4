import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, openSite } from './browser.ts';

const site = await openSite();
const LESSON = 'docs/';

describe.skipIf(site === undefined)('the editor of a manifest', () => {
  afterAll(() => site?.close());

  it('completes, explains and marks from the lab’s own schemas', async () => {
    const { page, faults } = await site!.open(LESSON);
    await hydrated(page);
    const block = page.locator('#manifest-1');
    /** Puts a text into the block and opens the editor at its end. */
    const edit = async (text: string) => {
      if ((await block.locator('.monaco-editor').count()) > 0) await page.keyboard.press('Escape');
      await block.locator('textarea').first().fill(text);
      await block.getByRole('button', { name: /편집$/ }).click();
      await block.locator('.monaco-editor .view-lines').click();
      await page.keyboard.press('Control+End');
    };
    /** Points at a word until the editor tells what it knows of it: a mouse that rests may be overlooked. */
    const pointAt = (word: string, told: string) =>
      expect
        .poll(
          async () => {
            await page.mouse.move(0, 0);
            await block.getByText(word).first().hover();
            const text = page.getByText(told).first();
            return text.waitFor({ timeout: 3000 }).then(
              () => true,
              () => false,
            );
          },
          { timeout: 30_000 },
        )
        .toBe(true);
    const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n';
    await edit(`${head}  contaners: []`);
    const marks = block.locator('.squiggly-error');
    await marks.first().waitFor({ timeout: 30_000 });
    await pointAt('contaners', 'Did you mean "containers"?');
    await page.keyboard.press('Escape');

    // The mark in the cursor's line offers what was meant.
    await edit(`${head}  contaners: []`);
    await marks.first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+.');
    await page.getByText('containers 쓰기').click();
    await block.locator('.view-lines').getByText('containers').waitFor();
    await page.keyboard.press('Escape');

    await edit(`${head}  containers: []\n  restartPolicy: `);
    const suggestions = page.locator('.suggest-widget');
    await page.keyboard.press('Control+Space');
    await suggestions.getByText('OnFailure').first().waitFor({ timeout: 30_000 });
    expect(await marks.count()).toBe(0);
    await page.keyboard.press('Escape');

    await edit(`${head}  containers: []\n  host`);
    await page.keyboard.press('Control+Space');
    await suggestions.getByText('hostNetwork').first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await pointAt('metadata', 'metadata: ObjectMeta');
    expect(faults).toEqual([]);
  });
});
