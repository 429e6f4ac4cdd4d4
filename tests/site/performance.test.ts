import { availableParallelism, loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite } from './browser.ts';
import {
  BUDGETS,
  heapGrowth,
  openManyKeys,
  openManyPods,
  running,
  scrollingKeys,
  scrubbing,
  switchingPods,
  typing,
} from './measures.ts';

const site = await openSite();
/** A machine that does other things as well says nothing of how long the page takes. */
const busy = loadavg()[0]! > availableParallelism();
if (busy) console.warn('the page is not measured: the machine is busy with other things');

/** The best of a few: what else the machine does is not the page's doing. */
async function best(page: Page, measure: (page: Page) => Promise<number>, limit: number): Promise<number> {
  let found = Infinity;
  for (let attempt = 0; attempt < 4 && found > limit; attempt++) found = Math.min(found, await measure(page));
  return found;
}

describe.skipIf(site === undefined || busy)('a reader with a machine four times slower', () => {
  afterAll(() => site?.close());

  it.each([
    ['typing', typing],
    ['running', running],
    ['scrubbing', scrubbing],
  ])('sees an answer within 200 ms: %s', async (_name, measure) => {
    let found = Infinity;
    for (let attempt = 0; attempt < 4 && found > BUDGETS.interaction; attempt++) {
      const { page } = await site!.open(NOTE);
      await hydrated(page);
      found = Math.min(found, await measure(page));
    }
    expect(found).toBeLessThanOrEqual(BUDGETS.interaction);
  });

  it('scrolls ten thousand keys', async () => {
    const { page } = await site!.open(NOTE);
    await openManyKeys(page);
    expect(await best(page, scrollingKeys, BUDGETS.frame)).toBeLessThanOrEqual(BUDGETS.frame);
  });

  it('looks at a thousand pods', async () => {
    const { page } = await site!.open(NOTE);
    await openManyPods(page);
    expect(await best(page, switchingPods, BUDGETS.interaction)).toBeLessThanOrEqual(BUDGETS.interaction);
  });

  it('keeps no more after two hundred runs', { timeout: 300_000 }, async () => {
    const { page } = await site!.open(NOTE);
    expect(await heapGrowth(page)).toBeLessThan(BUDGETS.heapGrowth);
  });
});
