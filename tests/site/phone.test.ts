import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

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
    await block.getByRole('tab', { name: /^이벤트/ }).tap();
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
