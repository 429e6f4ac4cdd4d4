import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();
const BLOCK = 'flow-create-4';

describe.skipIf(site === undefined)('a program that misbehaves', () => {
  afterAll(() => site?.close());

  it.each([
    ['an endless loop', 'while (true) {}', /계산이 1초를 넘어/],
    [
      'a memory bomb',
      "const all: string[] = [];\nfor (;;) all.push('x'.repeat(1e6) + all.length);",
      /메모리|응답이 없어/,
    ],
    [
      'a long call into the engine',
      "for (;;) 'ab'.repeat(1e6).split('').sort();",
      /계산이 1초를|응답이 없어|메모리/,
    ],
    ['deep recursion', 'const f = (): number => f() + 1;\nf();', /stack overflow/],
    ['a flood of output', "for (;;) console.log('flood'.repeat(100));", /출력이 \d+KiB를 넘어/],
  ])('ends with a message: %s', async (_name, code, message) => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    expect(await runBlock(page, 'flow-create-1')).toBe('pod/nginx created\n');
    const start = Date.now();
    expect(await runBlock(page, BLOCK, code)).toMatch(message);
    expect(Date.now() - start).toBeLessThan(8000);
    // Neither the page nor the cluster is lost.
    expect(await runBlock(page, 'flow-create-1', 'kubectl get pods')).toMatch(/nginx/);
    expect(await runBlock(page, BLOCK, "console.log('again')")).toBe('again\n');
  });

  it('reports an error with its place', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const code = "const a: number = 1;\nconsole.log(a);\nthrow new Error('no');";
    expect(await runBlock(page, BLOCK, code)).toMatch(/^1\nprogram\.ts:3:\d+ Error: no\n$/);
  });

  it('does not wait for ever', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-3');
    await page
      .locator(`#${BLOCK} textarea`)
      .fill("for await (const e of watch('/api/v1/namespaces/default/pods')) console.log(e.type);");
    await page.locator(`#${BLOCK}`).getByRole('button', { name: /실행$/ }).click();
    await page.waitForFunction((id) => document.getElementById(id)?.dataset['phase'] === 'done', BLOCK, {
      timeout: 20_000,
    });
    expect(await page.locator(`#${BLOCK} [role="tabpanel"]`).innerText()).toMatch(/ADDED[^]*1분 동안/);
  });

  it('has no way to the browser', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const code =
      "console.log([typeof document, typeof self, typeof postMessage, typeof XMLHttpRequest, typeof WebSocket, typeof indexedDB].join(' '));";
    expect(await runBlock(page, BLOCK, code)).toBe(`${Array(6).fill('undefined').join(' ')}\n`);
  });
});
