import type { Page } from 'playwright-core';
import { hydrated, runBlock } from './browser.ts';

/** How much slower than this machine the reader's is. */
export const SLOWDOWN = 4;
/** Budgets of the page, in milliseconds unless they say otherwise. */
export const BUDGETS = { interaction: 200, frame: 200, heapGrowth: 12 * 1024 * 1024 } as const;

/** Runs `work` on a page that is slowed down; gives what it gives. */
async function slowed<T>(page: Page, work: () => Promise<T>): Promise<T> {
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  try {
    return await work();
  } finally {
    await client.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await client.detach();
  }
}

/** The longest time from an input to the next paint while `work` goes on: what INP is made of. */
async function slowestInteraction(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(`(() => {
    window.slowest = 0;
    window.interactions?.disconnect();
    window.interactions = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (entry.interactionId > 0) window.slowest = Math.max(window.slowest, entry.duration);
    });
    window.interactions.observe({ type: 'event', durationThreshold: 16 });
  })()`);
  await slowed(page, work);
  // Entries come after the paint that ends them.
  await page.waitForTimeout(500);
  return page.evaluate<number>('window.slowest');
}

/** Typing in a block's code. */
export async function typing(page: Page): Promise<number> {
  await page.locator('#flow-create-3 textarea').focus();
  await page.keyboard.press('Control+End');
  return slowestInteraction(page, () => page.keyboard.type('  # 빠르게 적는다 quickly', { delay: 60 }));
}

/** The press on ▶ of a block in a lab that is awake. */
export async function running(page: Page): Promise<number> {
  await runBlock(page, 'flow-read-1');
  return slowestInteraction(page, async () => {
    for (let count = 0; count < 3; count++) await runBlock(page, 'flow-read-1');
  });
}

/** Steps of the slider through the creation of a pod, with picture, YAML, etcd and events. */
export async function scrubbing(page: Page): Promise<number> {
  await runBlock(page, 'flow-create-2');
  await page.getByRole('button', { name: '실습실 열기' }).click();
  await page.locator('dialog').getByRole('tab', { name: /단계/ }).click();
  await page.getByLabel('볼 명령').selectOption({ index: 0 });
  await page.getByRole('slider', { name: '단계' }).focus();
  return slowestInteraction(page, async () => {
    for (let count = 0; count < 25; count++) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(50);
    }
  });
}

/** Opens the list of keys with ten thousand of the reader's own. */
export async function openManyKeys(page: Page): Promise<void> {
  await hydrated(page);
  // A program may compute for a second: on a busy machine that is a thousand keys.
  for (let thousand = 0; thousand < 10; thousand++) {
    const written = await runBlock(
      page,
      'flow-create-4',
      `for (let from = ${thousand * 1000}; from < ${(thousand + 1) * 1000}; from += 100) {
  const success = Array.from({ length: 100 }, (_, i) =>
    ({ type: 'put', key: '/many/key' + String(from + i).padStart(5, '0'), value: '{}' }));
  await etcd.txn({ compare: [], success, failure: [] });
}
console.log('written');`,
    );
    if (!written.includes('written')) throw new Error(written);
  }
  await page.getByRole('button', { name: '실습실 열기' }).click();
  await page.locator('dialog').getByRole('tab', { name: 'etcd', exact: true }).click();
  await page.getByRole('treeitem', { name: /\/many\// }).click();
  await page.getByRole('treeitem', { name: /key00000/ }).waitFor();
}

/** Scrolling the list of keys, far and near: the 90th percentile of the time until it is drawn. */
export async function scrollingKeys(page: Page): Promise<number> {
  return slowed(page, () =>
    page.evaluate<number>(`(async () => {
      const list = document.querySelector('[role="tree"]');
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const took = [];
      for (let index = 0; index < 60; index++) {
        const start = performance.now();
        list.scrollTop = index % 3 === 0 ? (list.scrollHeight * ((index * 37) % 60)) / 60 : list.scrollTop + 150;
        await frame();
        await frame();
        took.push(performance.now() - start);
      }
      took.sort((a, b) => a - b);
      return took[Math.floor(took.length * 0.9)];
    })()`),
  );
}

/** Opens the picture of a cluster with a thousand pods. */
export async function openManyPods(page: Page): Promise<void> {
  await hydrated(page);
  await runBlock(
    page,
    'flow-create-1',
    'kubectl create deployment many --image=nginx --replicas=1000\nsleep 30',
  );
  await page.getByRole('button', { name: '실습실 열기' }).click();
  await page.locator('dialog').getByRole('tab', { name: '클러스터', exact: true }).click();
  await page
    .getByText(/그 밖에 /)
    .first()
    .waitFor({ timeout: 60_000 });
}

/** Showing and hiding the system's pods among the thousand. */
export async function switchingPods(page: Page): Promise<number> {
  const box = page.getByLabel('kube-system의 파드도 보기');
  return slowestInteraction(page, async () => {
    for (let count = 0; count < 4; count++) {
      await box.click();
      await page.waitForTimeout(300);
    }
  });
}

/** How many bytes the page's heap grew by between the 50th and the 200th run. */
export async function heapGrowth(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  const used = async () => {
    for (let count = 0; count < 3; count++) await client.send('HeapProfiler.collectGarbage');
    return (await client.send('Runtime.getHeapUsage')).usedSize;
  };
  await hydrated(page);
  const run = async (count: number) => {
    for (let index = 0; index < count; index++) await runBlock(page, 'flow-read-1');
  };
  await run(50);
  const before = await used();
  await run(150);
  return (await used()) - before;
}

/** Opens an address and gives when its largest part was painted. */
export async function largestPaint(page: Page, address: string): Promise<number> {
  return slowed(page, async () => {
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForTimeout(1000);
    return page.evaluate<number>(`new Promise((resolve) =>
      new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
        .observe({ type: 'largest-contentful-paint', buffered: true }))`);
  });
}
