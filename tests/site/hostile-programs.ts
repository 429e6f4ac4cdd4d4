/** A program that means no good, and what the page says of it. */
export interface HostileProgram {
  readonly name: string;
  readonly code: string;
  readonly says: RegExp;
}

const TIME = /계산이 1초를 넘어|2초 동안 응답이 없어/;
const SPACE =
  /메모리를 \d+MiB 넘게|out of memory|string too long|invalid (?:array|string) length|계산이 1초를 넘어|2초 동안 응답이 없어/i;
const STACK = /stack overflow|너무 깊이 겹쳐/;
const OUTPUT = /출력이 \d+KiB를 넘어/;
const WAITING = /끝나지 않는 Promise|시뮬레이션 시간 1분 동안/;

const endless: readonly HostileProgram[] = [
  { name: 'an empty loop', code: 'while (true) {}', says: TIME },
  { name: 'a loop that swallows errors', code: 'for (;;) try { throw 1 } catch {}', says: TIME },
  {
    name: 'a loop that never gets out of finally',
    code: 'for (;;) try { continue } finally { continue }',
    says: TIME,
  },
  {
    name: 'a generator without end',
    code: 'function* all() { for (;;) yield 1 }\nfor (const _ of all());',
    says: TIME,
  },
  {
    name: 'promises that make promises',
    code: 'const again = (): Promise<void> => Promise.resolve().then(again);\nawait again();',
    says: /계산이 1초를|메모리/,
  },
  { name: 'an async loop that gives nobody the thread', code: 'for (;;) await null;', says: TIME },
  { name: 'a getter that loops', code: 'const o = { get x(): number { for (;;); } };\no.x;', says: TIME },
  {
    name: 'toString that loops, while it is printed',
    code: 'console.log(`${{ toString() { for (;;); } }}`);',
    says: TIME,
  },
  {
    name: 'a proxy that loops',
    code: 'const p: any = new Proxy({}, { get() { for (;;); } });\nconsole.log(p.a);',
    says: TIME,
  },
  { name: 'a regular expression that backtracks', code: "/^(a+)+$/.test('a'.repeat(40) + 'b');", says: TIME },
  { name: 'a comparison that loops in sort', code: '[3, 2, 1].sort(() => { for (;;); });', says: TIME },
  {
    name: 'split and sort, native, again and again',
    code: "for (;;) 'ab'.repeat(1e6).split('').sort();",
    says: SPACE,
  },
  {
    name: 'JSON of a large object, again and again',
    code: "const big = Array.from({ length: 1e5 }, (_, i) => ({ i, s: 'x'.repeat(20) }));\nfor (;;) JSON.parse(JSON.stringify(big));",
    says: SPACE,
  },
  {
    name: 'a replacement over a long text',
    code: "for (;;) 'a'.repeat(1e6).replace(/a/g, 'bb');",
    says: SPACE,
  },
  {
    name: 'numbers without end',
    code: 'let n = 2n;\nfor (;;) n = n * n;',
    says: /계산이 1초를|응답이 없어|메모리|BigInt|maximum|too (?:big|large)/i,
  },
  {
    name: 'a very long array method',
    code: 'new Array(2 ** 32 - 2).fill(0).map((x) => x + 1);',
    says: SPACE,
  },
  {
    name: 'indexOf in a sparse array',
    code: "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 'x');",
    says: TIME,
  },
];

const floods: readonly HostileProgram[] = [
  { name: 'a text that doubles', code: "let s = 'x';\nfor (;;) s += s;", says: SPACE },
  {
    name: 'a list that grows',
    code: "const all: string[] = [];\nfor (;;) all.push('x'.repeat(1e6) + all.length);",
    says: SPACE,
  },
  {
    name: 'an array buffer of gigabytes',
    code: 'const all: ArrayBuffer[] = [];\nfor (;;) all.push(new ArrayBuffer(64 * 1024 * 1024));',
    says: SPACE,
  },
  {
    name: 'a map of objects',
    code: 'const m = new Map<number, object>();\nfor (let i = 0; ; i++) m.set(i, { i });',
    says: SPACE,
  },
  {
    name: 'closures in closures',
    code: 'let f = () => 0;\nfor (;;) { const g = f; f = () => g() + 1; }',
    says: SPACE,
  },
  { name: 'a flood of lines', code: "for (;;) console.log('flood'.repeat(100));", says: OUTPUT },
  { name: 'one line of megabytes', code: "console.log('x'.repeat(5e6));", says: OUTPUT },
  {
    name: 'errors without end',
    code: "for (;;) console.error('no');",
    says: /출력이 \d+KiB를 넘어|계산이 1초를/,
  },
  {
    name: 'a huge object, printed',
    code: 'console.log(Array.from({ length: 1e5 }, (_, i) => ({ i })));',
    says: /출력이 \d+KiB를 넘어|계산이 1초를/,
  },
  {
    name: 'a million promises',
    code: 'const all: Promise<void>[] = [];\nfor (let i = 0; i < 1e6; i++) all.push(sleep(1));\nawait Promise.all(all);',
    says: /기다리는 요청이 1000개를|계산이 1초를|응답이 없어|메모리|out of memory/i,
  },
  {
    name: 'requests without waiting',
    code: "for (;;) fetch('/api/v1/nodes');",
    says: /기다리는 요청이 1000개를|계산이 1초를|응답이 없어|메모리|out of memory/i,
  },
  {
    name: 'a body of megabytes',
    code: "const { status } = await fetch('/api/v1/namespaces/default/configmaps', { method: 'POST', body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data: { a: 'x'.repeat(4e6) } }) });\nconsole.log(status);",
    says: /4\d\d|메모리/,
  },
];

const deep: readonly HostileProgram[] = [
  { name: 'recursion', code: 'const f = (): number => f() + 1;\nf();', says: STACK },
  {
    name: 'recursion of two',
    code: 'const a = (): number => b() + 1;\nconst b = (): number => a() + 1;\na();',
    says: STACK,
  },
  {
    name: 'recursion in a getter',
    code: 'const o = { get x(): number { return o.x; } };\no.x;',
    says: STACK,
  },
  {
    name: 'recursion in toJSON',
    code: 'const o = { toJSON(): string { return JSON.stringify(o); } };\nJSON.stringify(o);',
    says: STACK,
  },
  { name: 'a very deep array in JSON', code: "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5));", says: STACK },
  {
    name: 'a very deep expression',
    code: `eval('('.repeat(1e5) + '1' + ')'.repeat(1e5));`,
    says: STACK,
  },
  { name: 'a circle, printed', code: 'const o: any = {};\no.o = o;\nconsole.log(o);', says: /\[Circular\]/ },
];

const escapes: readonly HostileProgram[] = [
  {
    name: 'names of the browser',
    code: "console.log(['document', 'window', 'self', 'postMessage', 'importScripts', 'XMLHttpRequest', 'WebSocket', 'indexedDB', 'localStorage', 'navigator', 'Worker', 'process', 'require'].filter((name) => name in globalThis).join() || 'none');",
    says: /^none\n$/,
  },
  {
    name: 'names of the host',
    code: 'console.log(typeof (globalThis as any).__call, typeof (globalThis as any).__write);',
    says: /^undefined undefined\n$/,
  },
  {
    name: 'Function from a function of ours',
    code: "console.log(await fetch.constructor('return typeof document + typeof self')());",
    says: /^undefinedundefined\n$/,
  },
  {
    name: 'import of a script',
    code: "try { await import('https://example.com/x.js'); console.log('in'); } catch (error) { console.log('no'); }",
    says: /^no\n$|Error/,
  },
  {
    name: 'prototypes for the next program',
    code: "(Array.prototype as any).map = () => { throw new Error('mine'); };\n(Object.prototype as any).polluted = true;\n(Promise.prototype as any).then = () => {};\nconsole.log('done');",
    says: /^done\n|끝나지 않는|Error/,
  },
  {
    name: 'JSON taken over',
    code: "JSON.stringify = () => '[\"/etc\"]';\nJSON.parse = () => { throw new Error('mine'); };\nconst answer = await fetch('/api/v1/nodes');\nconsole.log(answer.status);",
    says: /Error|mine|\d{3}/,
  },
  {
    name: '__proto__ in a request',
    code: 'const { status } = await fetch(\'/api/v1/namespaces/default/configmaps\', { method: \'POST\', body: \'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p"},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\' });\nconsole.log(status, ({} as any).polluted);',
    says: /^(?:201|400|422) undefined\n$/,
  },
  {
    name: 'an address of another host',
    code: "await fetch('https://example.com/');",
    says: /ENOTFOUND example\.com/,
  },
  {
    name: 'a thrown thing that is no error',
    code: 'throw Object.create(null, { message: { get() { for (;;); } } });',
    says: /./,
  },
  {
    name: 'an error whose stack is a getter',
    code: "const e = new Error('x');\nObject.defineProperty(e, 'stack', { get() { throw e; } });\nthrow e;",
    says: /./,
  },
];

const waiting: readonly HostileProgram[] = [
  { name: 'a promise that nobody keeps', code: 'await new Promise(() => {});', says: WAITING },
  {
    name: 'a watch of what does not come',
    code: "for await (const _ of watch('/api/v1/namespaces/none/pods'));",
    says: WAITING,
  },
  {
    name: 'a then that never calls back',
    code: 'await { then() {} } as unknown as Promise<void>;',
    says: WAITING,
  },
  {
    name: 'a rejection that nobody takes',
    code: "Promise.reject(new Error('alone'));\nawait sleep('1s');\nconsole.log('later');",
    says: /alone|later/,
  },
  {
    name: 'a year of sleep',
    code: "await sleep('8760h');\nconsole.log('awake');",
    says: /시뮬레이션 시간 30분이 지나/,
  },
];

/** Everything that a reader, or whoever sends one a link, may try. */
export const HOSTILE_PROGRAMS: readonly HostileProgram[] = [
  ...endless,
  ...floods,
  ...deep,
  ...escapes,
  ...waiting,
];
