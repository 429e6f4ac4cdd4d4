import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import type { EtcdClient, HttpResponse } from '../simulator.ts';
import { Context } from '../simulator.ts';
import type { ProgramHost } from './host-calls.ts';
import { runProgram } from './run-program.ts';

/** Answers like a tiny server; `sleep` resolves at once. */
async function run(source: string, overrides: Partial<ProgramHost> = {}) {
  const output = { stdout: '', stderr: '', note: '' };
  const context = new Context();
  const requests: { user: string; method: string; path: string; body: string }[] = [];
  const stream = (lines: string[]): HttpResponse['body'] => ({
    cancel() {
      lines.length = 0;
    },
    async *[Symbol.asyncIterator]() {
      while (lines.length > 0) yield lines.shift()!;
    },
  });
  const host: ProgramHost = {
    users: ['kubernetes-admin', 'anonymous'],
    user: 'kubernetes-admin',
    etcd: {
      get: async (range: unknown) => ({ header: { revision: 7 }, kvs: [], range }),
    } as unknown as EtcdClient,
    context,
    write: (kind, text) => (output[kind] += text),
    request: async (user, request) => {
      requests.push({ user, method: request.method, path: request.path, body: request.body });
      if (request.path.includes('watch=1')) {
        const events = ['{"type":"ADDED","object":{"n":1}}\n{"type":"MODI', 'FIED","object":{"n":2}}\n'];
        return { status: 200, headers: {}, body: stream([...events]) };
      }
      return {
        status: request.path === '/missing' ? 404 : 200,
        headers: { 'content-type': 'application/json' },
        body: '{"items":[{"name":"node01"}]}',
      };
    },
    kubectl: async (line) => ({ stdout: `ran ${line}`, stderr: '', exit: 0 }),
    sleep: async () => {},
    until: (work) => work,
    now: () => 0,
    realTime: () => performance.now(),
    onGuest: () => {},
    ...overrides,
  };
  const { exit, cut } = await runProgram(source, host);
  return { ...output, exit, cut, requests };
}

describe('runProgram', () => {
  it.each([
    ['prints values', "console.log('a', 1, { b: [true, null] })", 'a 1 { b: [ true, null ] }\n'],
    ['drops types', 'const n: number = 1 as number;\nconsole.log(n satisfies number)', '1\n'],
    ['awaits at the top', 'console.log(await Promise.resolve(3))', '3\n'],
    [
      'fetches',
      "const r = await fetch('/x');\nconsole.log(r.ok, (await r.json()).items[0].name)",
      'true node01\n',
    ],
    [
      'sees a failure',
      "const r = await fetch('/missing');\nconsole.log(r.status, r.statusText)",
      '404 Not Found\n',
    ],
    ['reads headers', "console.log((await fetch('/x')).headers.get('Content-Type'))", 'application/json\n'],
    [
      'watches',
      "for await (const e of watch('/x')) console.log(e.type, e.object.n)",
      'ADDED 1\nMODIFIED 2\n',
    ],
    ['leaves a watch', "for await (const e of watch('/x')) { console.log(e.type); break; }", 'ADDED\n'],
    [
      'reads etcd by prefix',
      "console.log((await etcd.get('/a/', { prefix: true })).range)",
      '{ key: "/a/", rangeEnd: "/a0" }\n',
    ],
    ['runs kubectl', "console.log((await kubectl('get pods')).stdout)", 'ran kubectl get pods\n'],
    ['sleeps', "await sleep('1m30s'); console.log('up')", 'up\n'],
    [
      'waits for a call nobody awaits',
      "async function main() { await sleep(1); console.log('late') }\nmain()",
      'late\n',
    ],
    ['prints a table', "console.table([{ 이름: 'a', n: 1 }])", '이름   n\na      1\n'],
    [
      'has no browser',
      'console.log(typeof document, typeof XMLHttpRequest, typeof __call)',
      'undefined undefined undefined\n',
    ],
    [
      'catches a stack overflow',
      'const f = (): number => f() + 1;\ntry { f() } catch (e) { console.log((e as Error).message) }',
      'stack overflow\n',
    ],
  ])('%s', async (_name, source, stdout) => {
    expect(await run(source)).toMatchObject({ stdout, stderr: '', note: '', exit: 0 });
  });

  it.each([
    ['a throw', "const a = 1;\nthrow new Error('no')", /^program\.ts:2:\d+ Error: no\n$/],
    [
      'a place after types on the same line',
      'const x: number = 1; const y: any = x; console.log(y.a.b);',
      /^program\.ts:1:55 TypeError/,
    ],
    ['a rejection', "await Promise.reject(new RangeError('r'))", /RangeError: r/],
    [
      'a rejection that nobody awaits',
      "async function main() { throw new Error('lost') }\nmain();",
      /Error: lost/,
    ],
    ['a syntax error', 'const a = 1;\nconst b = ;', /^program\.ts:2:11 SyntaxError/],
    ['a namespace', 'const a = 1;\nnamespace N { }', /^program\.ts:2:1 SyntaxError: namespace/],
    ['an import', "import fs from 'node:fs'", /^program\.ts:1:1 SyntaxError: import/],
    [
      'another host',
      "await fetch('https://example.com/')",
      /TypeError: fetch failed: getaddrinfo ENOTFOUND example\.com/,
    ],
    ['an unknown user', "await as('eve').fetch('/x')", /TypeError: no user called "eve"/],
    ['a body that is no text', "await fetch('/x', { method: 'POST', body: {} as any })", /JSON\.stringify/],
  ])('reports %s', async (_name, source, stderr) => {
    const result = await run(source);
    expect(result.stderr).toMatch(stderr);
    expect(result.exit).toBe(1);
  });

  it.each([
    ['an endless loop', 'while (true) {}', /계산이 1초/],
    ['an endless loop after an await', 'await null;\nfor (;;) {}', /계산이 1초/],
    ['endless jobs', 'const f = async () => { for (;;) await null };\nawait f()', /계산이 1초/],
    ['a memory bomb', 'const a: string[] = [];\nfor (;;) a.push("x".repeat(1e6) + a.length)', /메모리/],
    ['a flood of output', "for (;;) console.log('x'.repeat(1000))", /출력/],
    ['a promise that never settles', 'await new Promise(() => {})', /일어나지 않는다/],
  ])('ends %s, and the next program runs', async (_name, source, note) => {
    const start = performance.now();
    const result = await run(source);
    expect(result.note).toMatch(note);
    expect(result.exit).toBe(1);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await run('console.log(1)')).toMatchObject({ stdout: '1\n', exit: 0 });
  });

  it.each([
    ['JSON that is too deep', "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))"],
    ['code that is too deep', "(0, eval)('('.repeat(1e5) + '1' + ')'.repeat(1e5))"],
    ['code of its own that is too deep', `const a = ${'['.repeat(20_000)}${']'.repeat(20_000)};`],
  ])('ends %s', async (_name, source) => {
    const { note, stderr, exit } = await run(source);
    expect(note + stderr).toMatch(/너무 깊이 겹쳐|stack overflow/);
    expect(exit).toBe(1);
    expect(await run('console.log(1)')).toMatchObject({ stdout: '1\n', exit: 0 });
  });

  it('ends a flood of calls', async () => {
    const { note, requests } = await run("for (;;) fetch('/x')", {
      request: () => new Promise(() => {}),
    });
    expect(note).toMatch(/답을 기다리는 요청이 1000개를 넘어|계산이 1초를/);
    expect(requests).toEqual([]);
  });

  it('ends when its simulated time is over', async () => {
    let now = 0;
    const until: ProgramHost['until'] = async (work, limit, reason) => {
      now += limit;
      context.cancel(reason);
      return work;
    };
    const context = new Context();
    const never = () => new Promise<void>(() => {});
    const { note } = await run("await sleep('8760h')", { context, until, now: () => now, sleep: never });
    expect(note).toBe('시뮬레이션 시간 30분이 지나 멈췄다.');
    expect(now).toBe(30 * 60_000);
  });

  it('has the cluster’s time, and the same chance again', async () => {
    const source =
      'console.log(Date.now(), new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date, Math.random());';
    const first = await run(source, { now: () => 86_400_000 });
    expect(first.stdout).toMatch(/^86400000 1970-01-02T00:00:00\.000Z 0 true 0\.\d+\n$/);
    expect((await run(source, { now: () => 86_400_000 })).stdout).toBe(first.stdout);
    expect((await run(source, { now: () => 86_400_001 })).stdout).not.toBe(first.stdout);
  });

  it('is cut off at the same place when it runs again, however long that takes', async () => {
    const source = "await fetch('/a');\nfetch('/b');\nconsole.log('before');\nfor (;;) { }\nfetch('/never');";
    const first = await run(source);
    expect(first).toMatchObject({ cut: { calls: 2, answers: 1 }, exit: 1 });
    // Real time stands still: only the place can end it.
    const again = await run(source, { cut: first.cut, realTime: () => 0 });
    expect(again).toEqual(first);
    expect((await run('console.log(1)')).cut).toBeUndefined();
  });

  it('sends requests as the user that as() names', async () => {
    const { requests } = await run(
      "await fetch('/a');\nawait as('anonymous').fetch('/b', { method: 'post', body: '{}' })",
    );
    expect(requests).toEqual([
      { user: 'kubernetes-admin', method: 'GET', path: '/a', body: '' },
      { user: 'anonymous', method: 'POST', path: '/b', body: '{}' },
    ]);
  });

  it('ends when the reader stops it', async () => {
    const context = new Context();
    const never = new Promise<void>(() => {});
    const sleep = () => {
      setImmediate(() => context.cancel('stopped'));
      return never;
    };
    const result = await run("console.log('a');\nawait sleep('1h');\nconsole.log('b')", { context, sleep });
    expect(result).toMatchObject({ stdout: 'a\n', note: '중지했다.', exit: 1 });
  });
});
