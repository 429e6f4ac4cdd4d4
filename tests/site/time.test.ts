import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('time', () => {
  afterAll(() => site?.close());

  it('goes back to a command, forks there, and takes it back', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    const bar = page.getByRole('group', { name: '이 페이지의 클러스터' });
    await bar.getByRole('button', { name: /^기록/ }).click();
    const moments = page.getByRole('list', { name: '실행한 명령' }).getByRole('button');
    await moments.filter({ hasText: 'GET /api/v1/nodes' }).click();
    await bar.getByRole('button', { name: '되감기 취소' }).first().waitFor();
    expect(await page.locator('#flow-create-1').getAttribute('data-phase')).toBe('static');
    await bar.getByRole('button', { name: '되감기 취소' }).first().click();
    expect(await page.locator('#flow-create-1').getAttribute('data-phase')).toBe('done');
    await moments.filter({ hasText: 'GET /api/v1/nodes' }).click();
    await bar.getByRole('button', { name: '되감기 취소' }).first().waitFor();
    expect(await runBlock(page, 'flow-create-1', 'kubectl run other --image=nginx')).toBe(
      'pod/other created\n',
    );
    await page.getByRole('heading', { name: '다른 갈래' }).waitFor();
    await page.waitForTimeout(500);
    await page.reload();
    await hydrated(page);
    await bar.getByRole('button', { name: /^기록/ }).click();
    await page.getByRole('heading', { name: '다른 갈래' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('keeps the log over a reload', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    await page.waitForTimeout(500);
    await page.reload();
    await hydrated(page);
    await page.getByText('명령 3개에서 이어짐').waitFor();
    expect(await runBlock(page, 'flow-create-1')).toContain('pods "nginx" already exists');
  });

  it('keeps two tabs apart', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await hydrated(other);
    await runBlock(other, 'flow-create-1', 'kubectl run second --image=nginx');
    await runBlock(page, 'flow-create-1', 'kubectl run first --image=nginx');
    await other.waitForTimeout(500);
    for (const [tabPage, name] of [
      [page, 'first'],
      [other, 'second'],
    ] as const) {
      await tabPage.reload();
      await hydrated(tabPage);
      await tabPage.getByText(/에서 이어짐$/).waitFor();
      expect(await runBlock(tabPage, 'flow-create-1', 'kubectl get pods -o name')).toBe(`pod/${name}\n`);
    }
  });

  it('shares a lab by a link that runs nothing by itself', async () => {
    const { page, faults } = await site!.open(NOTE, { permissions: ['clipboard-read', 'clipboard-write'] });
    await hydrated(page);
    await runBlock(page, 'flow-create-1', 'kubectl run <b>shared</b> --image=nginx');
    await runBlock(page, 'flow-create-1', 'kubectl run shared --image=nginx');
    await page.locator('#flow-create-1').getByRole('button', { name: /공유$/ }).click();
    await page.getByText('링크 복사함').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const reader = await page.context().browser()!.newContext();
    const fresh = await reader.newPage();
    await fresh.goto(link);
    await hydrated(fresh);
    const offer = fresh.getByRole('region', { name: '공유된 실습' });
    await offer.getByText('무엇이 들어 있나').click();
    await offer.getByText('kubectl run <b>shared</b> --image=nginx').waitFor();
    // By what the block is called, not by its address.
    await offer.getByText('파드 생성', { exact: true }).waitFor();
    expect(fresh.workers()).toHaveLength(0);
    await offer.getByRole('button', { name: '불러오기' }).click();
    expect(new URL(fresh.url()).hash).toBe('');
    await fresh.getByRole('button', { name: '불러오기 취소' }).first().waitFor();
    expect(await fresh.locator('#flow-create-1 textarea').inputValue()).toBe(
      'kubectl run shared --image=nginx',
    );
    expect(fresh.workers()).toHaveLength(0);
    expect(await runBlock(fresh, 'flow-create-1', 'kubectl get pods -o name')).toBe('pod/shared\n');
    await reader.close();
    expect(faults).toEqual([]);
  });

  it('goes out as a file and comes back', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    const bar = page.getByRole('group', { name: '이 페이지의 클러스터' });
    await bar.getByRole('button', { name: /^기록/ }).click();
    const downloading = page.waitForEvent('download');
    await bar.getByRole('button', { name: '파일로 저장' }).click();
    const file = await (await downloading).path();
    await bar.getByRole('button', { name: '초기화', exact: true }).first().click();
    await page.getByLabel('실습 파일').setInputFiles(file);
    await page.getByText('명령 3개를 불러왔다').waitFor();
    expect(await runBlock(page, 'flow-create-1')).toContain('pods "nginx" already exists');
    await page.getByLabel('실습 파일').setInputFiles({
      ...{ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"v":1}') },
    });
    await page.getByText('실습 파일이 아니거나').waitFor();
  });

  it('stands still, goes on step by step, and runs at the reader’s pace', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    const bar = page.getByRole('group', { name: '이 페이지의 클러스터' });
    const clock = () => bar.getByTitle('클러스터를 켠 뒤 지난 시뮬레이션 시간').innerText();
    await bar.getByLabel('속도').selectOption('100');
    await bar.getByRole('button', { name: '시간 흐르게 하기' }).click();
    await expect.poll(clock, { timeout: 20_000 }).toMatch(/\+\d\d:[2-9]\d|\+0[1-9]:/);
    await bar.getByRole('button', { name: '시간 멈추기' }).click();
    await page.waitForTimeout(500);
    const stopped = await clock();
    await page.waitForTimeout(500);
    expect(await clock()).toBe(stopped);
    await bar.getByRole('button', { name: '다음 일까지' }).click();
    await expect.poll(clock, { timeout: 20_000 }).not.toBe(stopped);
  });

  it('says what would come if time passed, and lets it pass until that has come', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await hydrated(page);
    const lab = page.getByRole('dialog', { name: '실습실' });
    const line = lab.locator('#lab-terminal-input');
    const hint = lab.getByRole('status').filter({ hasText: '시간이 멈춰 있다' });
    const node = lab.getByRole('region', { name: '노드 node01' });
    await line.fill('ssh node01 systemctl stop kubelet');
    await line.press('Enter');
    await hint.getByText(/node01: NotReady까지 [34]\d초/).waitFor({ timeout: 20_000 });
    await node.getByText('✓ Ready').waitFor();
    await hint.getByRole('button', { name: '30배로 흐르게 하기' }).click();
    await node.getByText('✗ NotReady').waitFor({ timeout: 20_000 });
    // The pace is what the reader chose; time stands again, and there is nothing more to come.
    expect(await lab.getByLabel('속도').inputValue()).toBe('1');
    await lab.getByRole('button', { name: '시간 흐르게 하기' }).waitFor({ timeout: 20_000 });
    expect(await hint.count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('says in the bar that a pod is on its way, when the reader has stopped time', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    const bar = page.getByRole('group', { name: '이 페이지의 클러스터' });
    const hint = bar.getByRole('status');
    await page.waitForTimeout(1500);
    expect(await hint.innerText()).toBe('');
    await bar.getByRole('button', { name: '시간 흐르게 하기' }).click();
    await bar.getByRole('button', { name: '시간 멈추기' }).click();
    await runBlock(page, 'flow-create-1');
    await hint
      .getByText(/시간이 멈춰 있다 · (?:default\/nginx: |클러스터에 하던 일|예정된 일까지)/)
      .waitFor({ timeout: 20_000 });
    await hint.getByRole('button', { name: /흐르게 하기$/ }).click();
    await bar.getByRole('button', { name: '시간 멈추기' }).waitFor();
    await bar.getByRole('button', { name: '시간 흐르게 하기' }).waitFor({ timeout: 20_000 });
    expect(await runBlock(page, 'flow-create-1', 'kubectl get pods')).toMatch(/nginx +1\/1 +Running/);
    expect(faults).toEqual([]);
  });
});
