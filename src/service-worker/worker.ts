/**
 * Keeps the site readable and its labs running without a network. The build puts the list of its files before this
 * text (src/plugins/offline.ts) and writes both as sw.js.
 *
 * One build, one cache. A page comes whole from one build: what has a hash in its name is of one build only, and
 * everything else is answered from the cache of the build that is active. A new build is fetched beside the old
 * one and waits until the reader asks for it; the old one's cache stays while a page of it may be open.
 */

/** The files of one build, by their path below the site's base. */
interface Build {
  readonly id: string;
  /** What the file holds, as the integrity of a request: "sha256-…". */
  readonly files: Readonly<Record<string, string>>;
  /** What reading takes: fetched at once, whatever the reader's connection is. */
  readonly page: readonly string[];
  /** Large parts that few readers use: fetched when they are used, or when nothing else is to be done. */
  readonly rare: readonly string[];
}

declare const BUILD: Build;

/** What a page may ask: to put this build in the place of the old one, or, once it stands, to tidy up. */
type Message = { readonly type: 'activate' | 'tidy' };

const site = globalThis as unknown as ServiceWorkerGlobalScope;
const scope = new URL(site.registration.scope);
const PREFIX = `site ${scope.pathname} `;
const OWN = PREFIX + BUILD.id;
/** Fetched at the same time: the page that is read comes first. */
const PARALLEL = 4;
/** "main.1a2b3c4d.js": the name says what is in it. */
const HASHED = /[.-][0-9a-f]{8,}\.\w+$/;
const NOT_FOUND = '404.html';

site.addEventListener('install', (event) => {
  const rare = new Set(BUILD.rare);
  const wanted = savesData() ? BUILD.page : Object.keys(BUILD.files).filter((path) => !rare.has(path));
  event.waitUntil(fill(wanted));
});

site.addEventListener('activate', (event) => event.waitUntil(site.clients.claim()));

site.addEventListener('message', (event) => {
  const { type } = event.data as Message;
  if (type === 'activate') event.waitUntil(site.skipWaiting());
  else if (type === 'tidy') event.waitUntil(tidy());
});

site.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathOf(request.url) : undefined;
  if (path === undefined) return;
  if (request.mode === 'navigate') {
    event.respondWith(openPage(path, request));
  } else if (path in BUILD.files || HASHED.test(path)) {
    event.respondWith(openFile(path, request));
  }
});

/** The reader asked the browser to spare the connection. */
function savesData(): boolean {
  const { connection } = navigator as WorkerNavigator & { connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}

/** "docs/" of "https://host/base/docs/?q#hash"; undefined if it is not below the site's base. */
function pathOf(address: string): string | undefined {
  const { origin, pathname } = new URL(address);
  return origin === scope.origin && pathname.startsWith(scope.pathname)
    ? pathname.slice(scope.pathname.length)
    : undefined;
}

async function openPage(path: string, request: Request): Promise<Response> {
  if (path in BUILD.files) return openFile(path, request);
  if (`${path}/` in BUILD.files) {
    const { search } = new URL(request.url);
    return Response.redirect(new URL(`${path}/${search}`, scope).href, 302);
  }
  try {
    return await fetch(request);
  } catch {
    const page = await openFile(NOT_FOUND, request);
    return new Response(page.body, { status: 404, headers: page.headers });
  }
}

/** A file of this build, or one with a hash of a build before it. */
async function openFile(path: string, request: Request): Promise<Response> {
  const kept = await find(path);
  if (kept !== undefined) return kept;
  if (!(path in BUILD.files)) return fetch(request);
  try {
    return await take(path);
  } catch {
    // What the host holds now is of another build, or there is no network: the page hears of it as it would
    // without this worker.
    return fetch(request);
  }
}

async function find(path: string): Promise<Response | undefined> {
  const url = new URL(path, scope).href;
  const kept = await (await caches.open(OWN)).match(url);
  if (kept !== undefined || !HASHED.test(path)) return kept;
  for (const name of await otherCaches()) {
    const older = await (await caches.open(name)).match(url);
    if (older !== undefined) return older;
  }
  return undefined;
}

/** Fetches a file of this build into its cache; rejects if the host has something else under its name. */
async function take(path: string): Promise<Response> {
  const url = new URL(path, scope).href;
  const response = await fetch(url, {
    integrity: BUILD.files[path]!,
    // A name with a hash cannot be out of date.
    cache: HASHED.test(path) ? 'default' : 'no-cache',
  });
  if (!response.ok || response.redirected) throw new TypeError(`${path}: ${response.status}`);
  await (await caches.open(OWN)).put(url, response.clone());
  return response;
}

/** Brings the files that are not here yet. What came before an error stays, so that the next try is shorter. */
async function fill(paths: readonly string[]): Promise<void> {
  const own = await caches.open(OWN);
  const waiting = [...paths];
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const url = new URL(path, scope).href;
      if ((await own.match(url)) !== undefined) continue;
      const older = await find(path);
      if (older === undefined) await take(path);
      else await own.put(url, older);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function otherCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN);
}

/** Drops older builds once nobody is there to use them, and fetches what was left for later. */
async function tidy(): Promise<void> {
  const { waiting, installing } = site.registration;
  const pages = await site.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // The one page is that which asks: it was opened from this build.
  if (pages.length <= 1 && waiting === null && installing === null) {
    for (const name of await otherCaches()) await caches.delete(name);
  }
  // Without a network the rest comes another time.
  if (!savesData()) await fill(Object.keys(BUILD.files)).catch(() => {});
}

export {};
