import type { Page } from 'playwright-core';
import type { Site } from '../site/browser.ts';
import { hydrated, NOTE, openSite } from '../site/browser.ts';
import {
  heapGrowth,
  largestPaint,
  openManyKeys,
  openManyPods,
  running,
  scrollingKeys,
  scrubbing,
  SLOWDOWN,
  switchingPods,
  typing,
} from '../site/measures.ts';
import type { Benchmark, Measurement } from './measure.mts';

/** What is measured on the kube-apiserver note, each on a page of its own. */
const ON_THE_NOTE: readonly {
  readonly name: string;
  readonly unit: string;
  readonly measure: (page: Page) => Promise<number>;
}[] = [
  { name: 'interaction.typing', unit: 'ms', measure: typing },
  { name: 'interaction.running', unit: 'ms', measure: running },
  { name: 'interaction.scrubbing', unit: 'ms', measure: scrubbing },
  {
    name: 'scroll-10000-keys.p90',
    unit: 'ms',
    measure: async (page) => {
      await openManyKeys(page);
      return scrollingKeys(page);
    },
  },
  {
    name: 'interaction.1000-pods',
    unit: 'ms',
    measure: async (page) => {
      await openManyPods(page);
      return switchingPods(page);
    },
  },
  { name: 'heap-growth.150-runs', unit: 'B', measure: heapGrowth },
];

/** What a reader waits for, on a machine that is slowed down; needs build/ and a browser. */
export const pageBenchmarks: readonly Benchmark[] = [
  {
    name: `page.${SLOWDOWN}x`,
    run: async () => {
      let site: Site | undefined;
      try {
        site = await openSite();
      } catch (error) {
        process.stderr.write(`page: skipped, ${error instanceof Error ? error.message : String(error)}\n`);
      }
      if (site === undefined) return [];
      const found: Measurement[] = [];
      for (const { name, unit, measure } of ON_THE_NOTE) {
        const { page } = await site.open(NOTE);
        await hydrated(page);
        found.push({ name: `page.${SLOWDOWN}x.${name}`, value: await measure(page), unit });
      }
      for (const [name, path] of Object.entries({ home: '', note: NOTE })) {
        const { page } = await site.open('404.html');
        const value = await largestPaint(page, site.address + path);
        found.push({ name: `page.${SLOWDOWN}x.${name}.largest-paint`, value, unit: 'ms' });
      }
      await site.close();
      return found;
    },
  },
];
