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
    const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n';
    await edit(`${head}  contaners: []`);
    const marks = block.locator('.squiggly-error');
    await marks.first().waitFor({ timeout: 30_000 });
    await block.getByText('contaners').first().hover();
    await page.getByText('Did you mean "containers"?').first().waitFor({ timeout: 15_000 });
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
    await block.getByText('metadata').first().hover();
    await page.getByText('metadata: ObjectMeta').first().waitFor({ timeout: 15_000 });
    expect(faults).toEqual([]);
  });
});
