import { SERVER_HOST } from '../server-address.ts';

/**
 * What a program finds beside ECMAScript, written in JavaScript for the guest. It reaches the host
 * by three functions only: `__call(name, json)`, a promise of {"value"} or {"error"} as JSON,
 * `__write(stream, text)`, and `__now()`, simulated milliseconds. The types that readers see are in globals.d.ts.txt.
 */
export const PRELUDE = String.raw`(() => {
const call = globalThis.__call, write = globalThis.__write, now = globalThis.__now;
delete globalThis.__call;
delete globalThis.__write;
delete globalThis.__now;
const define = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

// No async function stands between a program and the host: what ends a program must not end as a promise of theirs.
const invoke = (name, ...args) => call(name, JSON.stringify(args)).then(valueOf);
const valueOf = (json) => {
  const answer = JSON.parse(json);
  if (answer.error === undefined) return answer.value;
  const error = new (answer.error.name === 'TypeError' ? TypeError : Error)(answer.error.message);
  if (answer.error.name !== 'TypeError') error.name = answer.error.name;
  if (answer.error.code !== undefined) error.code = answer.error.code;
  throw error;
};

// Time is the cluster's and chance is seeded by it: a program does the same again in a replay.
let chance = Math.floor(now() * 1000) | 0;
Math.random = () => {
  chance = (chance + 0x6d2b79f5) | 0;
  let mixed = Math.imul(chance ^ (chance >>> 15), 1 | chance);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
const ownDate = new Proxy(Date, {
  construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
  apply: (target) => new target(now()).toString(),
  get: (target, name) => name === 'now' ? () => Math.floor(now()) : Reflect.get(target, name),
});
Date.prototype.constructor = ownDate;
define('Date', ownDate);

// console
const inspect = (value, depth, seen) => {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === 'bigint') return value + 'n';
  if (typeof value === 'function') return '[Function: ' + (value.name || '(anonymous)') + ']';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.name + ': ' + value.message;
  if (value instanceof Promise) return 'Promise {}';
  if (value instanceof Date) return value.toISOString();
  if (seen.includes(value)) return '[Circular]';
  const inner = [...seen, value];
  const pad = '  '.repeat(inner.length);
  const wrap = (open, items, close) => {
    if (items.length === 0) return open + close;
    const line = open + ' ' + items.join(', ') + ' ' + close;
    return line.length <= 76 && !line.includes('\n')
      ? line
      : open + '\n' + items.map((item) => pad + item).join(',\n') + '\n' + pad.slice(2) + close;
  };
  if (Array.isArray(value)) return wrap('[', value.map((item) => inspect(item, depth + 1, inner)), ']');
  if (value instanceof Map)
    return 'Map ' + wrap('{', [...value].map(([key, item]) => inspect(key, 1, inner) + ' => ' + inspect(item, depth + 1, inner)), '}');
  if (value instanceof Set) return 'Set ' + wrap('{', [...value].map((item) => inspect(item, depth + 1, inner)), '}');
  const name = value.constructor && value.constructor !== Object ? value.constructor.name + ' ' : '';
  return name + wrap('{', Object.keys(value).map((key) =>
    (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)) + ': ' + inspect(value[key], depth + 1, inner)), '}');
};
const print = (stream) => (...values) => write(stream, values.map((value) => inspect(value, 0, [])).join(' ') + '\n');
const width = (text) => [...text].reduce((sum, char) => sum + (char > '\u10ff' ? 2 : 1), 0);
const table = (rows) => {
  const list = Array.isArray(rows) ? rows : Object.values(rows);
  const columns = [...new Set(list.flatMap((row) => Object.keys(Object(row))))];
  const cells = [columns, ...list.map((row) => columns.map((column) => row[column] === undefined ? '' : inspect(row[column], 0, [])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => width(row[index]))));
  write('stdout', cells.map((row) => row.map((cell, index) => cell + ' '.repeat(widths[index] - width(cell))).join('   ').trimEnd() + '\n').join(''));
};
define('console', { log: print('stdout'), info: print('stdout'), debug: print('stdout'), warn: print('stderr'), error: print('stderr'), table });

// fetch
class Headers {
  #values = new Map();
  constructor(init = {}) {
    const entries = init instanceof Headers ? init.entries() : Array.isArray(init) ? init : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }
  append(name, value) {
    const key = String(name).toLowerCase(), old = this.#values.get(key);
    this.#values.set(key, old === undefined ? String(value) : old + ', ' + value);
  }
  set(name, value) { this.#values.set(String(name).toLowerCase(), String(value)); }
  get(name) { return this.#values.get(String(name).toLowerCase()) ?? null; }
  has(name) { return this.#values.has(String(name).toLowerCase()); }
  delete(name) { this.#values.delete(String(name).toLowerCase()); }
  forEach(callback) { for (const [name, value] of this.#values) callback(value, name, this); }
  entries() { return [...this.#values].sort(([a], [b]) => a < b ? -1 : 1)[Symbol.iterator](); }
  keys() { return [...this.entries()].map(([name]) => name)[Symbol.iterator](); }
  values() { return [...this.entries()].map(([, value]) => value)[Symbol.iterator](); }
  [Symbol.iterator]() { return this.entries(); }
}
async function* pieces(stream) {
  try {
    for (;;) {
      const { done, value } = await invoke('stream.next', stream);
      if (done) return;
      yield value;
    }
  } finally {
    await invoke('stream.cancel', stream);
  }
}
class Response {
  #text; #stream; #used = false;
  constructor({ status, statusText, headers, text, stream, url }) {
    Object.assign(this, { status, statusText, url, redirected: false, type: 'basic', headers: new Headers(headers) });
    this.ok = status >= 200 && status <= 299;
    this.#text = text;
    this.#stream = stream;
  }
  get bodyUsed() { return this.#used; }
  /** Text as it comes, piece by piece. */
  get body() {
    const take = () => this.#take();
    return { async *[Symbol.asyncIterator]() { yield* take(); } };
  }
  #take() {
    if (this.#used) throw new TypeError('Body is unusable: Body has already been read');
    this.#used = true;
    return this.#stream === undefined ? [this.#text] : pieces(this.#stream);
  }
  async text() {
    let text = '';
    for await (const piece of this.#take()) text += piece;
    return text;
  }
  async json() { return JSON.parse(await this.text()); }
}
const requestOf = (path, init) => {
  const [, scheme, host, url = path] = /^(https?:)\/\/([^/:?#]+)(?::\d+)?(.*)$/s.exec(path = String(path)) ?? [];
  if (scheme === 'http:') throw new TypeError('fetch failed: Client sent an HTTP request to an HTTPS server.');
  if (host !== undefined && !${SERVER_HOST}.test(host))
    throw new TypeError('fetch failed: getaddrinfo ENOTFOUND ' + host);
  if (!url.startsWith('/')) throw new TypeError('Failed to parse URL from ' + path + ': a path begins with /');
  const body = init.body ?? '';
  if (typeof body !== 'string') throw new TypeError('body must be a string: use JSON.stringify(…)');
  const headers = new Headers(init.headers);
  if (body !== '' && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return { method: String(init.method ?? 'GET').toUpperCase(), path: url, headers: Object.fromEntries(headers), body };
};
const fetchAs = (user) => (path, init = {}) => {
  let request;
  try {
    request = requestOf(path, init);
  } catch (error) {
    return Promise.reject(error);
  }
  return invoke('fetch', user, request).then(
    (answer) => new Response({ ...answer, url: 'https://172.30.1.2:6443' + request.path }),
  );
};
const watchAs = (user) => (path) => ({
  async *[Symbol.asyncIterator]() {
    const query = path.includes('?') ? '&watch=1' : '?watch=1';
    const response = await fetchAs(user)(/[?&]watch=/.test(path) ? path : path + query);
    if (!response.ok) throw new Error((await response.json()).message);
    let rest = '';
    for await (const piece of response.body) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  },
});
const client = (user) => ({ fetch: fetchAs(user), watch: watchAs(user) });
define('Headers', Headers);
define('Response', Response);
define('fetch', fetchAs(undefined));
define('watch', watchAs(undefined));
define('as', (user) => client(String(user)));

// etcd
const prefixEnd = (prefix) => {
  for (let index = prefix.length - 1; index >= 0; index--) {
    const unit = prefix.charCodeAt(index);
    if (unit < 0xffff) return prefix.slice(0, index) + String.fromCharCode(unit + 1);
  }
  return '\0';
};
const range = (key, { prefix, ...options }) => [prefix ? { key: key === '' ? '\0' : key, rangeEnd: prefixEnd(key) } : { key, rangeEnd: options.rangeEnd }, options];
define('etcd', {
  get: (key, options = {}) => invoke('etcd.get', ...range(key, options)),
  put: (key, value, options = {}) => invoke('etcd.put', key, String(value), options),
  delete: (key, options = {}) => invoke('etcd.delete', ...range(key, options)),
  txn: ({ compare = [], success = [], failure = [] }) => invoke('etcd.txn', { compare, success, failure }),
  watch: (key, options = {}) => ({
    async *[Symbol.asyncIterator]() {
      const [keys, rest] = range(key, options);
      yield* pieces(await invoke('etcd.watch', { ...rest, ...keys }));
    },
  }),
  lease: {
    grant: (ttl, id) => invoke('etcd.lease.grant', ttl, id),
    revoke: (id) => invoke('etcd.lease.revoke', id),
    keepAlive: (id) => invoke('etcd.lease.keepAlive', id),
    timeToLive: (id, options) => invoke('etcd.lease.timeToLive', id, options),
    list: () => invoke('etcd.lease.list'),
  },
});

// shell and time
const UNITS = { ms: 1, s: 1000, m: 60000, h: 3600000 };
const milliseconds = (duration) => {
  if (typeof duration === 'number' && duration >= 0) return duration;
  const parts = [...String(duration).matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== duration)
    throw new TypeError('sleep takes milliseconds or a duration such as "5s", got ' + duration);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
};
define('sleep', (duration) => {
  let wait;
  try {
    wait = milliseconds(duration);
  } catch (error) {
    return Promise.reject(error);
  }
  return invoke('sleep', wait).then(() => {});
});
define('kubectl', (line) => invoke('kubectl', /^\s*kubectl(\s|$)/.test(line) ? line : 'kubectl ' + line));
define('__follow', (value) => {
  if (value instanceof Promise) value.catch((error) => call('fail', JSON.stringify([String(error), error?.stack ?? ''])));
  return value;
});
})()`;
