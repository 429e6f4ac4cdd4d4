import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, panelOf, runBlock } from './browser.ts';

const site = await openSite();

describe.skipIf(site === undefined)('the kube-apiserver note', () => {
  afterAll(() => site?.close());

  it('is complete without JavaScript', async () => {
    const { page, faults } = await site!.open(NOTE, { javaScriptEnabled: false });
    const text = await page.locator('article').innerText();
    for (const sentence of [
      '모든 요청은 kube-apiserver를 거쳐 처리된다',
      '최종 상태를 etcd에 업데이트한다',
      '바로잡기 4',
    ]) {
      expect(text).toContain(sentence);
    }
    expect(await page.title()).toContain('Kube-API Server(kube-apiserver)');
    expect(await panelOf(page, 'flow-read-1')).toMatch(
      /NAME +STATUS +ROLES +AGE +VERSION\ncontrolplane +Ready/,
    );
    expect(await panelOf(page, 'flow-create-1')).toBe('pod/nginx created\n');
    expect(await page.locator('.live-block').count()).toBeGreaterThanOrEqual(8);
    expect(await page.getByText('미리 계산된 결과').count()).toBeGreaterThanOrEqual(8);
    expect(faults).toEqual([]);
  });

  it('says what it is to search engines', async () => {
    const { page } = await site!.open(NOTE, { javaScriptEnabled: false });
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    expect(await page.locator('h1').count()).toBe(1);
    const data = await page.locator('script[type="application/ld+json"]').allTextContents();
    const articles = data.map((json) => JSON.parse(json) as { '@type'?: string; inLanguage?: string });
    expect(articles).toContainEqual(expect.objectContaining({ '@type': 'TechArticle', inLanguage: 'ko' }));
  });

  it('loads neither worker nor editor before something runs', async () => {
    const { page, fetched } = await site!.open(NOTE);
    await hydrated(page);
    await page.waitForLoadState('networkidle');
    expect([...fetched.keys()].filter((path) => path.includes('/bin/'))).toEqual([]);
    expect(page.workers()).toHaveLength(0);
  });

  it('gives, block by block, what the build computed', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    const ids = await page.locator('.live-block').evaluateAll((blocks) => blocks.map(({ id }) => id));
    for (const id of ids) {
      const before = await panelOf(page, id);
      // Time goes on between blocks that a reader runs: ages and revisions differ.
      const stable = (text: string) =>
        text
          .replace(/\b\d+(m\d+)?s\b/g, '<age>')
          .replace(/\b\d+m\b/g, '<age>')
          .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
          .replace(/("resourceVersion": )"\d+"/g, '$1"<rv>"')
          .replace(/[ \t]+/g, ' ');
      const after = await runBlock(page, id);
      expect(stable(after).split('\n').length, id).toBe(stable(before).split('\n').length);
      expect(await page.locator(`[id="${id}"]`).getAttribute('data-phase'), id).toBe('done');
    }
    expect(faults).toEqual([]);
  });

  it('shows the blocks\u2019 answers', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    expect(await runBlock(page, 'flow-read-1')).toMatch(
      /controlplane +Ready +control-plane[^\n]+\nnode01 +Ready/,
    );
    expect(await runBlock(page, 'flow-read-2')).toMatch(/HTTP\/1\.1 200 OK[^]*"kind": "NodeList"/);
    expect(await runBlock(page, 'flow-create-1')).toBe('pod/nginx created\n');
    expect(await runBlock(page, 'flow-create-2')).toMatch(
      /nginx[^\n]+(Pending|ContainerCreating)[^]+nginx[^\n]+Running/,
    );
    expect(await runBlock(page, 'flow-create-3')).toMatch(/HTTP\/1\.1 201 Created[^]*"name": "web"/);
    expect(await runBlock(page, 'flow-create-4')).toMatch(
      /노드: controlplane, node01, node02\n응답: 201 Created\nADDED Pending[^]*Running node0[12]\n[^]*\/registry\/pods\/default\/watched +리비전 \d+/,
    );
    expect(faults).toEqual([]);
  });

  it('runs what stands above first, and marks what stands below as old', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    expect(await runBlock(page, 'flow-create-2')).toMatch(/nginx[^\n]+Running/);
    expect(await page.locator('#flow-create-1').getAttribute('data-phase')).toBe('done');
    await runBlock(page, 'flow-read-1');
    expect(await page.locator('#flow-create-2').getAttribute('data-phase')).toBe('stale');
  });

  it('answers what the reader wrote', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    expect(await runBlock(page, 'flow-create-1', 'kubectl run other --image=nginx')).toBe(
      'pod/other created\n',
    );
    const refused = await runBlock(page, 'flow-create-1', 'kubectl run Bad_Name --image=nginx');
    expect(refused).toContain('The Pod "Bad_Name" is invalid');
    const block = page.locator('#flow-create-1');
    await block.getByText('유효성 검사에서 거부되었다(422)').waitFor();
    await block.getByRole('button', { name: '요청 흐름에서 보기' }).click();
    await block.getByRole('button', { name: /^유효성 검사/ }).waitFor();
    expect(await panelOf(page, 'flow-create-1')).toMatch(/422 Invalid[^]*metadata\.name/);
    expect(faults).toEqual([]);
  });

  it('lights the ten steps of the pod that was created last', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const picture = page.getByRole('region', { name: '파드 생성 과정' });
    await picture.getByText('default/nginx', { exact: true }).waitFor();
    const steps = picture.locator('ol > li');
    expect(await steps.count()).toBe(10);
    expect(await steps.filter({ hasText: '일어남' }).count()).toBe(10);
  });

  it('says who sent a request and which rule let it through, without a further click', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await page.locator('#flow-read-1').getByRole('tab', { name: '요청 흐름' }).click();
    await page.locator('#flow-read-1').getByRole('button', { name: /^인가/ }).waitFor();
    const flow = await panelOf(page, 'flow-read-1');
    expect(flow).toContain('kubernetes-admin');
    expect(flow).toContain('ClusterRoleBinding "kubeadm:cluster-admins"');
  });

  it('goes through a block’s doings from the first step on', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const block = page.locator('#flow-create-2');
    await block.getByRole('tab', { name: '요청 흐름' }).click();
    await block.getByRole('button', { name: '한 단계씩 보기' }).click();
    const slider = block.getByRole('slider', { name: '단계' });
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^1\/\d+ .*kubectl → apiserver: GET pods$/);
    // Components that ran all the time did not start because of it.
    expect(await panelOf(page, 'flow-create-2')).not.toContain('시작함');
    // Picture, YAML, etcd and events stand one below the other, none of them behind a second scroll bar.
    expect(
      await block.getByRole('tabpanel').evaluate((panel) => panel.scrollHeight - panel.clientHeight),
    ).toBeLessThanOrEqual(1);
  });

  it('says when a result is of other code, and takes back what was taken away', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const block = page.locator('#flow-read-1');
    const state = block.getByRole('status');
    const code = block.locator('textarea');
    expect(await runBlock(page, 'flow-read-1', 'kubectl get nodes -o name')).toMatch(/^node\/controlplane\n/);
    expect(await state.innerText()).toContain('출력 3줄');
    await code.fill('kubectl get namespaces');
    expect(await state.innerText()).toContain('↺ 완료(고치기 전 코드)');
    const choose = async (name: string) => {
      await block.locator('summary').click();
      await block.getByRole('button', { name, exact: true }).click();
    };
    await choose('코드 되돌리기');
    expect(await code.inputValue()).toBe('kubectl get nodes');
    await block.getByRole('button', { name: /되돌리기 취소$/ }).click();
    expect(await code.inputValue()).toBe('kubectl get namespaces');
    await choose('출력 지우기');
    expect(await state.innerText()).toContain('미리 계산된 결과');
    await block.getByRole('button', { name: /지우기 취소$/ }).click();
    expect(await panelOf(page, 'flow-read-1')).toMatch(/^node\/controlplane\n/);
    expect(await block.getByRole('button', { name: /취소$/ }).count()).toBe(0);
  });

  it('lists its keys for who presses ?, and lets the same be written', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    const block = page.locator('#flow-read-1');
    const help = page.getByRole('dialog', { name: '단축키' });
    await block.locator('textarea').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('?');
    expect(await block.locator('textarea').inputValue()).toBe('kubectl get nodes?');
    expect(await help.count()).toBe(0);
    await block.getByRole('tab', { name: '결과' }).focus();
    await page.keyboard.press('?');
    await help.waitFor();
    expect(await help.innerText()).toContain('Ctrl+Enter');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect(
      await block.getByRole('tab', { name: '결과' }).evaluate((tab) => tab === document.activeElement),
    ).toBe(true);
    expect(faults).toEqual([]);
  });

  it('shows what etcd holds of a key at a revision', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    const block = page.locator('#flow-create-1');
    await block.getByRole('tab', { name: /etcd/ }).click();
    await block.getByRole('button', { name: /만듦/ }).first().click();
    await block.locator('figure pre').waitFor();
    expect(await block.locator('figure').innerText()).toMatch(/version 1[^]*name: nginx/);
    // Of a change, what changed.
    await block.getByRole('button', { name: /^고침/ }).first().click();
    await block
      .locator('figure')
      .getByText(/^\+ +nodeName: node0\d/)
      .waitFor();
    expect(faults).toEqual([]);
  });

  it('lists the events that a block brought about', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const block = page.locator('#flow-create-2');
    await block.getByRole('tab', { name: /^이벤트/ }).click();
    const events = await panelOf(page, 'flow-create-2');
    for (const reason of ['Pulled', 'Created', 'Started']) expect(events).toContain(reason);
    expect(events).toMatch(/nginx/);
    expect(events).toMatch(/TIME[^]*09:00:0\d\s+Normal/);
    expect(faults).toEqual([]);
  });

  it('gives an isolated block a cluster of its own', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    const alone = page.locator('.live-block').filter({ hasText: 'GET과 POST' });
    const id = (await alone.getAttribute('id'))!;
    await alone.getByText('따로 도는 클러스터').waitFor();
    expect(await runBlock(page, id, 'kubectl get pods')).toContain(
      'No resources found in default namespace.',
    );
    await runBlock(page, id, 'kubectl create configmap only-here');
    expect(await runBlock(page, 'flow-read-1', 'kubectl get configmaps -o name')).not.toContain('only-here');
    expect(await runBlock(page, 'flow-read-1', 'kubectl get pods -o name')).toContain('pod/nginx');
    expect(faults).toEqual([]);
  });

  it('keeps edits over a reload and takes them back', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const code = page.locator('#flow-read-1 textarea');
    await code.fill('kubectl get namespaces');
    await page.waitForTimeout(300);
    await page.reload();
    await hydrated(page);
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'kubectl get namespaces');
    await page.locator('#flow-read-1 summary').click();
    await page.getByRole('button', { name: '코드 되돌리기' }).first().click();
    expect(await code.inputValue()).toBe('kubectl get nodes');
  });

  it('starts over, and takes that back', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-create-1');
    await page.getByRole('button', { name: '초기화', exact: true }).click();
    expect(await page.locator('#flow-create-1').getAttribute('data-phase')).toBe('static');
    await page.getByRole('button', { name: '초기화 취소' }).click();
    expect(await page.locator('#flow-create-1').getAttribute('data-phase')).toBe('done');
    const again = await runBlock(page, 'flow-create-1');
    expect(again).toContain('pods "nginx" already exists');
    await page.getByRole('button', { name: '초기화', exact: true }).click();
    expect(await runBlock(page, 'flow-create-1')).toBe('pod/nginx created\n');
  });

  it('is run from the keyboard', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    const code = page.locator('#flow-read-1 textarea');
    await code.focus();
    await page.keyboard.press('Shift+Enter');
    await page.waitForFunction(() => document.getElementById('flow-read-1')?.dataset['phase'] === 'done');
    expect(await page.evaluate(() => document.activeElement?.closest('.live-block')?.id)).toBe('flow-read-2');
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => document.getElementById('flow-read-2')?.dataset['phase'] === 'done');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  });

  it('does not move while it wakes up', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    await page.waitForTimeout(500);
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries())
              sum += (entry as PerformanceEntry & { value: number }).value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(sum), 200);
        }),
    );
    expect(shift).toBeLessThanOrEqual(0.02);
  });

  it('fits a phone', async () => {
    const { page, faults } = await site!.open(NOTE, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    await hydrated(page);
    await runBlock(page, 'flow-create-2');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });
});
