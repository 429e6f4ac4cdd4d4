import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const runner = (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe;
      const results = await runner.run();
      return results.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      );
    });
    expect(violations).toEqual([]);
  });
});
