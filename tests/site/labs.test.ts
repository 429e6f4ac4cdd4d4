import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { SCENARIO_NAMES } from '../../src/labs/index.ts';
import { violations } from './axe.ts';
import { hydrated, NOTE, openSite, panelOf, ROOT, runBlock } from './browser.ts';

const site = await openSite();
const LABS = 'docs/cka/labs/';
const LAB = `${LABS}unknown-flag/`;
const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';

/** Types a line at the terminal of the lab, waits until it has run and gives what stands there of it. */
async function type(page: Page, line: string): Promise<string> {
  const items = page.getByRole('log').locator('pre');
  const before = await items.count();
  const input = page.locator('#lab-terminal-input');
  await input.fill(line);
  await input.press('Enter');
  await items.nth(before).waitFor();
  await page.locator('label[for="lab-terminal-input"]').getByText('root@').waitFor({ timeout: 60_000 });
  // A lab that was left has its earlier lines above.
  return items.last().innerText();
}

async function grade(page: Page, summary: RegExp): Promise<string> {
  await page.getByRole('button', { name: '채점', exact: true }).click();
  await page.getByRole('status').getByText(summary).waitFor({ timeout: 60_000 });
  return page.locator('#lab-panel').innerText();
}

describe.skipIf(site === undefined)('a lab', () => {
  afterAll(() => site?.close());

  it.each(SCENARIO_NAMES)('%s: is a whole page before any script runs', async (name) => {
    const html = readFileSync(join(ROOT, 'build', LABS, name, 'index.html'), 'utf8');
    const { page } = await site!.open(`${LABS}${name}/`, { javaScriptEnabled: false });
    const text = await page.locator('article').innerText();
    const heading = await page.locator('#symptom').innerText();
    expect(heading.length).toBeGreaterThan(20);
    for (const part of ['목표', '진단', '복구', '부작용 없음', '실습 시작', '힌트 3', '해답'])
      expect(text).toContain(part);
    // What is folded is there as well.
    expect(await page.locator('details').count()).toBeGreaterThanOrEqual(4);
    expect(html).toContain('"@type":"LearningResource"');
    expect(html).toContain('"learningResourceType":"interactive lab"');
    expect(html).toMatch(/"timeRequired":"PT\d+M"/);
  });

  it.each(SCENARIO_NAMES)('%s: breaks in the browser as it did in the build', async (name) => {
    const { page, faults } = await site!.open(`${LABS}${name}/`);
    await hydrated(page);
    const [block = ''] = await page
      .locator('.live-block')
      .evaluateAll((blocks) => blocks.map(({ id }) => id));
    const before = await panelOf(page, block);
    expect(await runBlock(page, block)).toBe(before);
    expect(faults).toEqual([]);
  });

  it('is mended at the terminal, graded and kept', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(LAB);
    await hydrated(page);
    const sidebar = page.getByRole('navigation', { name: /사이드바|sidebar/i });
    const link = sidebar.getByRole('link', { name: /^6443 refused/ });
    expect(await link.innerText()).toBe('6443 refused');
    await page.getByRole('link', { name: '실습 시작' }).click();
    expect(await type(page, 'kubectl get --raw /readyz')).toContain('172.30.1.2:6443 was refused');
    expect(await grade(page, /^0점/)).toContain('부작용은 복구한 다음에 센다');
    // A way that lets everybody do everything.
    await type(page, `sed -i /modus/d ${MANIFEST}`);
    const lost = await grade(page, /^50점/);
    expect(lost).toContain('인가가 통째로 풀렸다');
    expect(lost).toMatch(/진단 0\/30[\s\S]*복구 50\/50[\s\S]*부작용 없음 0\/20/);
    await page.getByRole('button', { name: '다시 시작' }).click();
    await page.getByRole('button', { name: '첫 힌트 보기 (0/3)' }).click();
    await type(page, `sed -i s/modus/mode/ ${MANIFEST}`);
    await grade(page, /^100점/);
    await page.getByRole('button', { name: '실습실 닫기' }).click();
    await link.filter({ hasText: '✓ 100점' }).waitFor();
    await page.reload();
    await hydrated(page);
    await link.filter({ hasText: '✓ 100점' }).waitFor();
    await page.getByRole('link', { name: '이어서 하기' }).click();
    await page
      .getByRole('status')
      .getByText(/^100점/)
      .waitFor();
    await page.getByRole('button', { name: '다음 힌트 보기 (1/3)' }).waitFor();
    // The kept command runs again, in the cluster that was broken again.
    expect(await type(page, `grep authorization- ${MANIFEST}`)).toContain('--authorization-mode=Node,RBAC');
    await page.goto(site!.address + LABS);
    await page.locator('article').getByText('✓ 100점').waitFor();
    expect(faults).toEqual([]);
  });

  it('begins with looking, where the kube-apiserver may not answer', async () => {
    const { page, faults } = await site!.open(`${LAB}#lab/cluster`);
    await hydrated(page);
    const examples = page.getByRole('group', { name: '명령 예시' });
    await examples.getByRole('button', { name: 'crictl ps -a' }).waitFor();
    expect(await examples.getByRole('button', { name: /kubectl run/ }).count()).toBe(0);
    // Neither says what the cause is.
    expect(await page.getByRole('dialog').innerText()).not.toMatch(/modus|unknown flag/);
    // What was last written is not what is.
    await page.getByText('kube-apiserver가 떠 있지 않다').waitFor();
    expect(faults).toEqual([]);
  });

  it('plays its solution, which is no merit', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(`${LABS}kubeconfig-port/#lab/problem`);
    await hydrated(page);
    await page.getByText('해답 보기').click();
    await page.getByRole('button', { name: '처음부터 재생' }).click();
    await page.getByRole('log').getByText('controlplane   Ready').waitFor({ timeout: 60_000 });
    await page.getByText('해답을 재생한 클러스터다').waitFor();
    await page.getByRole('button', { name: '처음부터 재생' }).waitFor();
    await grade(page, /^100점/);
    await page.getByRole('button', { name: '실습실 닫기' }).click();
    const sidebar = page.getByRole('navigation', { name: /사이드바|sidebar/i });
    expect(await sidebar.getByRole('link', { name: /^또 refused/ }).innerText()).toBe('또 refused');
    expect(faults).toEqual([]);
  });

  it('renews certificates that have expired', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(`${LABS}certificate-expired/#lab/problem`);
    await hydrated(page);
    await page.getByText('해답 보기').click();
    await page.getByRole('button', { name: '처음부터 재생' }).click();
    await page.getByRole('log').getByText('controlplane   Ready').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: '처음부터 재생' }).waitFor({ timeout: 60_000 });
    await grade(page, /^100점/);
    expect(faults).toEqual([]);
  });

  it('brings back what was deleted from a backup of etcd', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(`${LABS}etcd-restore/#lab/problem`);
    await hydrated(page);
    await grade(page, /^0점/);
    await page.getByText('해답 보기').click();
    await page.getByRole('button', { name: '처음부터 재생' }).click();
    await page
      .getByRole('log')
      .getByText('Snapshot saved at /opt/backup/etcd.db')
      .waitFor({ timeout: 60_000 });
    await page.getByRole('log').getByText('deployment.apps/web   2/2').waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: '처음부터 재생' }).waitFor({ timeout: 60_000 });
    const parts = await grade(page, /^100점/);
    expect(parts).toMatch(/진단 30\/30[\s\S]*복구 30\/30[\s\S]*복구 20\/20[\s\S]*부작용 없음 20\/20/);
    expect(faults).toEqual([]);
  });

  it('is worked through by the keyboard, on a phone too', { timeout: 240_000 }, async () => {
    const { page, faults } = await site!.open(`${LABS}kubeconfig-port/`, {
      viewport: { width: 390, height: 844 },
    });
    await hydrated(page);
    await page.getByRole('link', { name: '실습 시작' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.getByRole('tab', { name: '문제' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#lab-terminal-input').focus();
    await page.keyboard.type('cp /etc/kubernetes/admin.conf ~/.kube/config\n');
    await page.locator('label[for="lab-terminal-input"]').getByText('root@').waitFor();
    await page.getByRole('tab', { name: '터미널' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: '채점', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/^100점/)
      .waitFor({ timeout: 60_000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(faults).toEqual([]);
  });

  it('does not take what was saved in another', async () => {
    const { page } = await site!.open(`${LABS}kubeconfig-port/#lab/history`);
    await hydrated(page);
    const saved = { v: 1, seed: 1, page: '', scenario: 'unknown-flag', entries: [], edits: {} };
    await page.locator('dialog input[type="file"]').setInputFiles({
      name: 'lab.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(saved)),
    });
    await page.getByText('다른 장애 실습(unknown-flag)의 기록이다').first().waitFor();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds nothing: %s, %i px', { timeout: 240_000 }, async (colorScheme, width) => {
    const { page } = await site!.open(LAB, {
      ...{ colorScheme, bypassCSP: true, reducedMotion: 'reduce', viewport: { width, height: 844 } },
    });
    await hydrated(page);
    for (const summary of await page.locator('article details > summary').all()) await summary.click();
    await page.waitForTimeout(500);
    const found = await violations(page);
    await page.getByRole('link', { name: '실습 시작' }).click();
    await page.getByRole('button', { name: /^첫 힌트/ }).click();
    await page.getByText('해답 보기').click();
    await grade(page, /^0점/);
    found.push(...(await violations(page)));
    await page.goto(site!.address + LABS);
    await page.waitForSelector('html[data-has-hydrated="true"]');
    found.push(...(await violations(page)));
    expect(found).toEqual([]);
  });

  it('costs a note nothing', async () => {
    const { page, fetched } = await site!.open(NOTE);
    await hydrated(page);
    await page.waitForLoadState('networkidle');
    const before = new Set(fetched.keys());
    await runBlock(page, 'flow-read-1');
    const files = [...fetched.keys()].filter((file) => !before.has(file) && file.endsWith('.js'));
    expect(files.length).toBeGreaterThan(0);
    const scenarios = files.filter((file) =>
      /authorization-modus|부작용은 복구한 다음에/.test(readFileSync(join(ROOT, 'build', file), 'utf8')),
    );
    expect(scenarios).toEqual([]);
  });
});
