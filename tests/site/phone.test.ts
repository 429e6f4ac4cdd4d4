import type { Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, panelOf, runBlock } from './browser.ts';

const site = await openSite();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
const PATIENCE = { timeout: 20_000 };

describe.skipIf(site === undefined)('a phone', () => {
  afterAll(() => site?.close());

  it('edits a block where it stands, without the large editor', async () => {
    const { page, faults, fetched } = await site!.open(NOTE, PHONE);
    await hydrated(page);
    const block = page.locator('#flow-read-1');
    await block.getByRole('button', { name: /편집$/ }).tap();
    const code = block.locator('textarea');
    expect(await code.evaluate((element) => element === document.activeElement)).toBe(true);
    await code.press('Control+End');
    await page.keyboard.insertText(' -o name');
    expect(await runBlock(page, 'flow-read-1')).toMatch(/^node\/controlplane\n/);
    expect(await page.locator('.monaco-editor').count()).toBe(0);
    expect([...fetched.keys()].filter((path) => path.includes('monaco'))).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('has the keys that its keyboard lacks', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`, PHONE);
    await hydrated(page);
    const input = page.locator('#lab-terminal-input');
    await input.waitFor();
    const keys = page.getByRole('group', { name: '터미널 키' });
    const press = (name: string) => keys.getByRole('button', { name, exact: true }).tap();
    const value = () => input.inputValue();
    const log = page.getByRole('log', { name: '터미널 출력' });
    const prompt = page.locator('label[for="lab-terminal-input"]');

    await input.fill('kubectl get nod');
    await press('Tab');
    await expect.poll(value, PATIENCE).toBe('kubectl get nodes ');
    for (const key of ['-', '|', '/']) await press(key);
    expect(await value()).toBe('kubectl get nodes -|/');
    await press('중지');
    expect(await value()).toBe('');

    await input.fill('kubectl get nodes');
    await press('실행');
    await expect.poll(() => log.innerText(), PATIENCE).toMatch(/controlplane +Ready/);
    await expect.poll(() => prompt.textContent(), PATIENCE).toMatch(/^root@/);
    await press('지난 명령');
    expect(await value()).toBe('kubectl get nodes');
    await press('다음 명령');
    expect(await value()).toBe('');

    await input.fill('cat');
    await press('실행');
    await page.getByText('실행 중 (Ctrl+C로 중지)').waitFor();
    await press('입력 끝');
    await expect.poll(() => prompt.textContent(), PATIENCE).toMatch(/^root@/);
    // Nothing of it is wider than the screen.
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(faults).toEqual([]);
  });

  it('shows a block’s menu and its events within the screen', async () => {
    const { page, faults } = await site!.open(NOTE, PHONE);
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const block = page.locator('#flow-create-2');
    await block.locator('summary').tap();
    for (const item of await block.locator('details button').all()) {
      const { x, width } = (await item.boundingBox())!;
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(390);
    }
    await page.keyboard.press('Escape');
    await block.getByRole('button', { name: /^이벤트/ }).tap();
    expect(await block.getByRole('row').count()).toBeGreaterThan(4);
    expect(await block.getByRole('tabpanel').innerText()).toContain('Successfully assigned');
    const hidden = await block
      .getByRole('tabpanel')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden).toBeLessThanOrEqual(0);
    // What is pressed is large enough for a finger.
    for (const button of await block.locator('button:visible, summary:visible').all())
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(40);
    expect(faults).toEqual([]);
  });

  it('shows what a block set off in a sheet over the page, its result below the code', async () => {
    const { page, faults } = await site!.open(NOTE, { ...PHONE, reducedMotion: 'reduce' });
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const block = page.locator('#flow-create-2');
    const sheet = page.getByRole('dialog', { name: '만든 직후와 3초 뒤' });
    const opener = block.getByRole('button', { name: '요청 흐름' });
    const hasFocus = (place: Locator) => place.evaluate((element) => element === document.activeElement);
    expect(await block.getByRole('tab').count()).toBe(0);

    await opener.focus();
    await opener.tap();
    const { y, height, width } = (await sheet.boundingBox())!;
    expect([Math.round(y + height), width]).toEqual([844, 390]);
    expect(height).toBeLessThanOrEqual(844 * 0.85 + 1);
    await sheet.getByRole('button', { name: /^인가/ }).first().waitFor();
    // The result is still there; the page behind neither moves nor takes the focus.
    expect(await block.getByRole('region', { name: /결과$/, includeHidden: true }).innerText()).toMatch(
      /nginx +1\/1 +Running/,
    );
    expect(await hasFocus(sheet.getByRole('tab', { name: '요청 흐름' }))).toBe(true);
    const before = await page.evaluate(() => scrollY);
    await page.mouse.move(195, 60);
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => scrollY)).toBe(before);
    for (let press = 0; press < 25; press++) {
      await page.keyboard.press('Tab');
      const outside = await sheet.evaluate(
        (element) => document.activeElement !== document.body && !element.contains(document.activeElement),
      );
      expect(outside).toBe(false);
    }

    // Its tabs are those that a wide screen has.
    await sheet.getByRole('tab', { name: '요청 흐름' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await hasFocus(sheet.getByRole('tab', { name: /^etcd 변화/ }))).toBe(true);
    await sheet.getByRole('tab', { name: '요청 흐름' }).tap();
    await sheet.getByRole('button', { name: '한 단계씩 보기' }).tap();
    await sheet.getByRole('slider', { name: '단계' }).waitFor();

    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await hasFocus(opener)).toBe(true);
    await page.mouse.wheel(0, 300);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
    expect(faults).toEqual([]);
  });

  it('closes a sheet by a swipe, a tap beside it and its button; a small pull takes it nowhere', async () => {
    const { page, faults } = await site!.open(NOTE, { ...PHONE, reducedMotion: 'reduce' });
    await hydrated(page);
    const block = page.locator('#flow-read-1');
    const sheet = page.getByRole('dialog', { name: '노드 조회' });
    const open = () => block.getByRole('button', { name: /^이벤트/ }).tap();
    const closed = () => sheet.waitFor({ state: 'detached' });
    const top = async () => (await sheet.boundingBox())!.y;
    /** A finger that goes down by so many pixels, from the handle on. */
    const pull = async (distance: number) => {
      const client = await page.context().newCDPSession(page);
      const start = (await top()) + 8;
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
        client.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: y === undefined ? [] : [{ x: 195, y }],
        });
      await touch('touchStart', start);
      for (let step = 1; step <= 10; step++) {
        await touch('touchMove', start + (distance * step) / 10);
        await page.waitForTimeout(20);
      }
      await page.waitForTimeout(200);
      await touch('touchMove', start + distance);
      await touch('touchEnd');
    };
    await open();
    const at = await top();
    await pull(60);
    await expect.poll(top).toBe(at);
    await pull(300);
    await closed();
    await open();
    await page.touchscreen.tap(195, 60);
    await closed();
    await open();
    await sheet.getByRole('button', { name: '닫기' }).tap();
    await closed();
    expect(faults).toEqual([]);
  });

  it('opens the sheet where a refusal is explained, and turns it into tabs on a wide screen', async () => {
    const { page, faults } = await site!.open(NOTE, PHONE);
    await hydrated(page);
    const block = page.locator('#flow-create-1');
    await runBlock(page, 'flow-create-1', 'kubectl run Bad_Name --image=nginx');
    await block.getByRole('button', { name: '요청 흐름에서 보기' }).tap();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('button', { name: /^유효성 검사/ }).waitFor();
    expect(await sheet.getByRole('tabpanel').innerText()).toMatch(/422 Invalid[^]*metadata\.name/);
    await page.setViewportSize({ width: 1024, height: 800 });
    await sheet.waitFor({ state: 'detached' });
    expect(await block.getByRole('tab', { name: '요청 흐름', selected: true }).isVisible()).toBe(true);
    expect(await panelOf(page, 'flow-create-1')).toMatch(/422 Invalid/);
    expect(faults).toEqual([]);
  });

  it('writes what is searched for in the place of the site’s name', async () => {
    const { page, faults } = await site!.open(NOTE, PHONE);
    await hydrated(page);
    const field = page.getByRole('searchbox').or(page.locator('.navbar__search-input')).first();
    await field.tap();
    await expect.poll(async () => Math.round((await field.boundingBox())!.width)).toBeGreaterThan(300);
    const box = (await field.boundingBox())!;
    const name = (await page.locator('.navbar__brand').first().boundingBox())!;
    expect(box.x).toBeLessThanOrEqual(name.x + 1);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    // Nothing of the name shows beside the field.
    expect(
      await page.evaluate(
        ([x, y]) => document.elementFromPoint(x!, y!)?.closest('.navbar__brand') === null,
        [name.x + 2, name.y + name.height / 2],
      ),
    ).toBe(true);
    await page.keyboard.type('etcd');
    const found = page.locator('[class*="suggestion_"]').first();
    await found.waitFor({ timeout: 15_000 });
    const list = (await found.boundingBox())!;
    expect(list.x).toBeGreaterThanOrEqual(0);
    expect(list.x + list.width).toBeLessThanOrEqual(390);
    await field.fill('');
    await field.blur();
    await expect.poll(async () => (await field.boundingBox())!.width).toBeLessThan(100);
    expect(faults).toEqual([]);
  });

  it('begins a command with a tap, and edits a file on the whole screen', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`, PHONE);
    await hydrated(page);
    const examples = page.getByRole('group', { name: '명령 예시' });
    const keys = page.getByRole('group', { name: '터미널 키' });
    await examples.getByRole('button', { name: /^vi / }).tap();
    expect(await page.locator('#lab-terminal-input').inputValue()).toMatch(/^vi .*kube-apiserver\.yaml$/);
    expect(await examples.count()).toBe(0);
    await keys.getByRole('button', { name: '실행', exact: true }).tap();
    const editor = page.getByRole('region', { name: /^파일 편집/ });
    await editor.waitFor();
    expect(await keys.isVisible()).toBe(false);
    await editor.getByRole('button', { name: '저장하지 않고 닫기' }).tap();
    await keys.waitFor();
    await examples.waitFor();
    expect(faults).toEqual([]);
  });
});
