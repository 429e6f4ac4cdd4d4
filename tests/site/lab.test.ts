import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { hydrated, NOTE, openSite, runBlock } from './browser.ts';

const site = await openSite();
const PATIENCE = { timeout: 20_000 };

const terminalInput = (page: Page) => page.locator('#lab-terminal-input');
const terminalLog = (page: Page) => page.getByRole('log', { name: '터미널 출력' });

/** Opens the lab of a page on the whole screen. */
async function openLab(page: Page): Promise<void> {
  await hydrated(page);
  await terminalInput(page).waitFor();
}

/** Runs a line in the terminal and gives what it wrote. */
async function enter(page: Page, line: string): Promise<string> {
  const items = terminalLog(page).locator('pre');
  const before = await items.count();
  await terminalInput(page).fill(line);
  await terminalInput(page).press('Enter');
  await items.nth(before).waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector('label[for="lab-terminal-input"]')?.textContent?.startsWith('root@') === true,
    undefined,
    { timeout: 60_000 },
  );
  return items.nth(before).innerText();
}

describe.skipIf(site === undefined)('the lab on the whole screen', () => {
  afterAll(() => site?.close());

  it('begins at the terminal, with commands to begin with; what they bring about stands below the cluster', async () => {
    const { page, faults } = await site!.open(NOTE);
    await hydrated(page);
    await runBlock(page, 'flow-read-1');
    await page.getByRole('button', { name: '실습실 열기' }).click();
    const input = page.locator('#lab-terminal-input');
    await expect.poll(() => input.evaluate((element) => element === document.activeElement)).toBe(true);
    const examples = page.getByRole('group', { name: '명령 예시' });
    await examples.getByRole('button', { name: 'kubectl run web --image=nginx' }).click();
    expect(await input.inputValue()).toBe('kubectl run web --image=nginx');
    await page.keyboard.press('Enter');
    const events = page.getByRole('region', { name: '최근 이벤트' });
    await events.getByText('Successfully assigned default/web').waitFor();
    expect(await examples.isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('runs lines, completes them, keeps a history', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    expect(await enter(page, 'kubectl get nodes')).toMatch(/controlplane +Ready/);
    expect(await enter(page, 'kubectl get nodes | grep -c Ready')).toContain('3');
    const input = terminalInput(page);
    await input.fill('kubectl get nod');
    await input.press('Tab');
    await expect.poll(() => input.inputValue()).toBe('kubectl get nodes ');
    await input.fill('');
    await input.press('ArrowUp');
    await input.press('ArrowUp');
    expect(await input.inputValue()).toBe('kubectl get nodes');
    // An empty line lets Tab go on.
    await input.fill('');
    await input.press('Tab');
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(false);
    expect(faults).toEqual([]);
  });

  it('leaves Enter to the composer while Hangul is composed', async () => {
    const { page } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    const input = terminalInput(page);
    await input.focus();
    const client = await page.context().newCDPSession(page);
    await client.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
    await input.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true });
    expect(await terminalLog(page).locator('pre').count()).toBe(0);
    await client.send('Input.insertText', { text: '한' });
    expect(await input.inputValue()).toBe('한');
  });

  it('ends a command with Ctrl+C', async () => {
    const { page } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    await enter(page, 'true');
    await terminalInput(page).fill('sleep 1000');
    await terminalInput(page).press('Enter');
    await page.getByText('실행 중 (Ctrl+C로 중지)').waitFor();
    await terminalInput(page).press('Control+c');
    await page.getByText('실행 중 (Ctrl+C로 중지)').waitFor({ state: 'detached', timeout: 5000 });
    expect(await enter(page, 'echo alive')).toContain('alive');
  });

  it('types into a command that runs, and replays what was typed', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    await enter(page, 'kubectl run b --image=busybox --restart=Never -- sleep 1d');
    await enter(page, 'kubectl wait --for=condition=Ready pod/b');
    const input = terminalInput(page);
    const prompt = page.locator('label[for="lab-terminal-input"]');
    await input.fill('kubectl exec -it b -- sh');
    await input.press('Enter');
    await expect.poll(() => prompt.textContent(), PATIENCE).toBe('/ # ');
    const client = await page.context().newCDPSession(page);
    await input.fill('echo ');
    await input.press('End');
    await client.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
    await client.send('Input.insertText', { text: '한글' });
    await input.press('Enter');
    const shown = terminalLog(page).locator('pre').last();
    await expect.poll(() => shown.innerText(), PATIENCE).toMatch(/\/ # echo 한글\n한글\n/);
    await expect.poll(() => prompt.textContent(), PATIENCE).toBe('/ # ');
    // Ctrl+D leaves the shell in the container; what nobody read then is the next command.
    await input.press('Control+d');
    await expect.poll(() => prompt.textContent(), PATIENCE).toMatch(/^root@/);
    await input.fill('read name; sleep 1; kubectl create configmap typed --from-literal=name=$name');
    await input.press('Enter');
    await input.fill('나무');
    await input.press('Enter');
    await input.fill('echo ahead');
    await input.press('Enter');
    await expect.poll(() => shown.innerText(), PATIENCE).toMatch(/# echo ahead\nahead\n/);
    expect(await enter(page, 'kubectl get cm typed -o jsonpath={.data.name}')).toContain('나무');
    // The log types it again.
    await page.getByRole('tab', { name: '기록' }).click();
    const history = page.getByRole('list', { name: '실행한 명령' });
    await history.getByRole('button').nth(1).click();
    await expect
      .poll(() => history.getByRole('button').nth(1).getAttribute('aria-current'), PATIENCE)
      .toBe('step');
    await history.getByRole('button', { name: /read name/ }).click();
    await expect
      .poll(() => history.getByRole('button', { name: /read name/ }).getAttribute('aria-current'), PATIENCE)
      .toBe('step');
    expect(await enter(page, 'kubectl get cm typed -o jsonpath={.data.name}')).toContain('나무');
    // Ctrl+C ends what waits for input.
    await input.fill('cat');
    await input.press('Enter');
    await page.getByText('실행 중 (Ctrl+C로 중지)').waitFor();
    await input.press('Control+c');
    await page.getByText('실행 중 (Ctrl+C로 중지)').waitFor({ state: 'detached', timeout: 5000 });
    expect(faults).toEqual([]);
  });

  it('marks what the lab was taken back from, and has its lines again after a reload', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    await enter(page, 'kubectl create namespace kept');
    await enter(page, 'kubectl get podz');
    await page.getByRole('tab', { name: '기록' }).click();
    const moments = page.getByRole('list', { name: '실행한 명령' }).getByRole('button');
    const items = terminalLog(page).locator('pre');
    await moments.filter({ hasText: 'create namespace' }).click();
    await expect.poll(() => items.nth(1).innerText(), PATIENCE).toContain('되돌림');
    expect(await items.nth(0).innerText()).not.toContain('되돌림');
    await moments.filter({ hasText: 'get podz' }).click();
    await expect.poll(() => items.nth(1).innerText(), PATIENCE).not.toContain('되돌림');
    const shown = await items.allInnerTexts();
    await page.waitForTimeout(500);
    await page.reload();
    await openLab(page);
    await expect.poll(() => items.allInnerTexts(), PATIENCE).toEqual(shown);
    await terminalInput(page).press('ArrowUp');
    expect(await terminalInput(page).inputValue()).toBe('kubectl get podz');
    expect(faults).toEqual([]);
  });

  it('opens files in an editor, for vi and for kubectl edit', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    await enter(page, 'kubectl create configmap edited --from-literal=a=1');
    await terminalInput(page).fill('kubectl edit configmap edited');
    await terminalInput(page).press('Enter');
    const file = page.getByRole('region', { name: /^파일 편집/ });
    const text = file.getByRole('textbox', { name: /의 내용$/ });
    await text.fill((await text.inputValue()).replace('a: "1"', 'a: "2"'));
    await file.getByRole('button', { name: '저장하고 닫기' }).click();
    await terminalLog(page).getByText('configmap/edited edited').waitFor();
    expect(await enter(page, 'kubectl get configmap edited -o jsonpath={.data.a}')).toContain('2');
    expect(faults).toEqual([]);
  });

  it('lets hands that know vi go on: Escape, then :wq, and loses nothing', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/terminal`);
    await openLab(page);
    await terminalInput(page).fill('vi pod.yaml');
    await terminalInput(page).press('Enter');
    const file = page.getByRole('region', { name: /^파일 편집/ });
    const text = file.getByRole('textbox', { name: /의 내용$/ });
    const command = file.getByRole('textbox', { name: /^vi 명령/ });
    await page.keyboard.type('i');
    expect(await text.inputValue()).toMatch(/^apiVersion/);
    await text.press('Control+End');
    // A new line begins where the one before did.
    await page.keyboard.type('    # first');
    await page.keyboard.press('Enter');
    await page.keyboard.type('# second');
    await page.keyboard.press('Escape');
    expect(await command.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type(':q\n');
    await file.getByText('E37: No write since last change').waitFor();
    // The lab is closed over it, and opened again.
    await page.getByRole('button', { name: '실습실 닫기' }).click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '실습실 열기' }).click();
    expect(await text.inputValue()).toMatch(/ {4}# first\n {4}# second$/);
    await text.press('Escape');
    await page.keyboard.type('i');
    expect(await text.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.type(':wq\n');
    await file.waitFor({ state: 'detached' });
    expect(await enter(page, 'tail -2 pod.yaml')).toContain('    # first\n    # second');
    expect(faults).toEqual([]);
  });

  it('shows etcd at any revision, with who wrote what, and compacts for real', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/etcd`);
    await openLab(page);
    await enter(page, 'kubectl create configmap c --from-literal=a=1');
    await enter(page, 'kubectl patch configmap c -p \'{"data":{"a":"2"}}\'');
    await enter(page, 'kubectl delete configmap c');
    await page.getByRole('searchbox', { name: '키 찾기' }).fill('/configmaps/default/c');
    await page.getByRole('treeitem', { name: /default\/c\b.*묘비/ }).click();
    const details = page.getByRole('region', { name: '키 /registry/configmaps/default/c' });
    await details.getByRole('button', { name: /^고침/ }).click();
    await details.getByText('kubernetes-admin').waitFor();
    await details.getByText(/^\+ +a: "2"/).waitFor();
    await details.getByText(/^- +a: "1"/).waitFor();
    // The place is in the address: the same link leads to the same key and revision.
    const place = new URL(page.url());
    expect(place.hash).toMatch(/^#lab\/etcd\?key=\/registry\/configmaps\/default\/c&rev=\d+$/);
    await page.getByRole('button', { name: '최신' }).click();
    await page.getByRole('button', { name: /까지 압축$/ }).click();
    await terminalLog(page)
      .getByText(/compacted revision \d+/)
      .waitFor();
    await details.getByRole('button', { name: /^만듦/ }).click();
    await details.getByText('etcdserver: mvcc: required revision has been compacted').waitFor();
    expect(faults).toEqual([]);
  });

  it('stops the scheduler: pods wait; starts it: they run', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/cluster`);
    await openLab(page);
    await enter(page, 'true');
    const scheduler = page.getByRole('switch', { name: 'controlplane의 kube-scheduler' });
    await scheduler.click();
    await page.locator('[role="switch"][aria-label$="kube-scheduler"][data-running="false"]').waitFor();
    await enter(page, 'kubectl run waiting --image=nginx');
    await page.getByRole('region', { name: '아직 노드가 없는 파드' }).getByText('waiting').waitFor();
    await page.locator('dialog').getByLabel('속도').selectOption('30');
    await scheduler.click();
    await page
      .getByRole('region', { name: /^노드 node0/ })
      .getByText(/waiting/)
      .waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
  });

  it('shows at once what a command of the terminal stopped', async () => {
    const { page } = await site!.open(`${NOTE}#lab/cluster`);
    await openLab(page);
    await enter(page, 'true');
    await page.getByRole('switch', { name: 'node01의 kubelet' }).waitFor();
    await enter(page, 'ssh node01 systemctl stop kubelet');
    await page
      .locator('[role="switch"][aria-label="node01의 kubelet"][data-running="false"]')
      .waitFor({ timeout: 10_000 });
  });

  it('says so when etcd is away, and finds it again', async () => {
    const { page } = await site!.open(`${NOTE}#lab/cluster`);
    await openLab(page);
    await enter(page, 'true');
    const etcd = page.getByRole('switch', { name: 'controlplane의 etcd' });
    await etcd.click();
    await page.getByText(/^etcd를 읽을 수 없다/).waitFor({ timeout: 60_000 });
    await page.locator('dialog').getByLabel('속도').selectOption('30');
    await etcd.click();
    await page.getByText(/^etcd를 읽을 수 없다/).waitFor({ state: 'detached', timeout: 60_000 });
  });

  it('goes through a run with one slider: picture, YAML, etcd and events', async () => {
    const { page, faults } = await site!.open(`${NOTE}#lab/replay`);
    await openLab(page);
    await enter(page, 'kubectl run scrubbed --image=nginx');
    await enter(page, 'sleep 3');
    await page.getByLabel('볼 명령').selectOption({ index: 0 });
    const slider = page.getByRole('slider', { name: '단계' });
    const steps = Number(await slider.getAttribute('max'));
    expect(steps).toBeGreaterThan(15);
    await slider.fill('1');
    expect(await slider.getAttribute('aria-valuetext')).toContain('kubectl → apiserver: ');
    await page.getByText('아직 etcd에 쓴 것이 없다.').waitFor();
    await slider.fill(String(steps));
    await page.getByLabel('볼 오브젝트').selectOption('/registry/pods/default/scrubbed');
    await page
      .getByText(/phase: Running/)
      .first()
      .waitFor();
    await page.getByRole('region', { name: '이벤트' }).getByText('Scheduled').waitFor();
    expect(new URL(page.url()).hash).toBe(`#lab/replay?step=${steps}`);
    expect(faults).toEqual([]);
  });

  it('shows ten thousand keys a window at a time', async () => {
    const { page } = await site!.open(NOTE);
    await hydrated(page);
    // In five runs: a program may compute for a second only, and other programs run on this machine.
    for (let first = 0; first < 10_000; first += 2000) {
      const written = await runBlock(
        page,
        'flow-create-4',
        `for (let from = ${first}; from < ${first + 2000}; from += 100) {
  const success = Array.from({ length: 100 }, (_, i) =>
    ({ type: 'put', key: '/many/key' + String(from + i).padStart(5, '0'), value: '{}' }));
  await etcd.txn({ compare: [], success, failure: [] });
}
console.log('written');`,
      );
      expect(written).toContain('written');
    }
    await page.getByRole('button', { name: '실습실 열기' }).click();
    await page.locator('dialog').getByRole('tab', { name: 'etcd', exact: true }).click();
    await page.getByRole('treeitem', { name: /\/many\// }).click();
    await page.getByRole('treeitem', { name: /key00000/ }).waitFor();
    const tree = page.getByRole('tree');
    await tree.focus();
    // However far it is scrolled, what is in the page stays small: that is what scrolling costs.
    const counts = await page.evaluate(async () => {
      const list = document.querySelector('[role="tree"]')!;
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const found: number[] = [];
      for (let index = 0; index < 40; index++) {
        list.scrollTop = (list.scrollHeight * ((index * 37) % 40)) / 40;
        await frame();
        await frame();
        found.push(list.querySelectorAll('[role="treeitem"]').length);
      }
      return found;
    });
    expect(Math.max(...counts)).toBeLessThan(120);
    expect(Math.min(...counts)).toBeGreaterThan(5);
    await tree.press('End');
    expect(await page.getByRole('treeitem').count()).toBeLessThan(120);
  });
});
