import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { serveDirectory } from '../../tools/static-server.mts';

/** The project, where npm starts everything; the benchmarks run bundled, so this file may be elsewhere. */
export const ROOT = process.cwd();
export const NOTE = 'docs/cka/core-concepts/kube-apiserver/';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a Chromium: $CHROME_PATH, an installed one, or the npm package's. Undefined if none runs. */
async function startBrowser(): Promise<Browser | undefined> {
  const installed = [process.env.CHROME_PATH, ...INSTALLED].find(
    (path) => path !== undefined && existsSync(path),
  );
  try {
    if (installed !== undefined) return await chromium.launch({ executablePath: installed, args: ARGS });
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    // In one process, as the package would have it, closing a page ends the browser.
    const args = packaged.args.filter((flag) => flag !== '--single-process');
    return await chromium.launch({ executablePath, args: [...args, ...ARGS] });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.warn(`browser tests are skipped: no Chromium runs here (${reason}). Set CHROME_PATH to one.`);
    return undefined;
  }
}

export interface Site {
  /** "http://localhost:PORT/" and the base path. */
  readonly address: string;
  /** Opens a page that notes everything that must not happen; the one before is closed. */
  open(path: string, options?: OpenOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

interface OpenOptions extends BrowserContextOptions {
  /** Let the page keep the site for offline use. */
  readonly keepSite?: boolean;
}

interface WatchedPage {
  readonly page: Page;
  /** Console warnings and errors, uncaught errors, failed requests and requests to other hosts. */
  readonly faults: string[];
  /** Paths that were fetched, with their bytes as they came. */
  readonly fetched: Map<string, number>;
}

/** Serves a built site and starts a browser for it; undefined, with a message, if there is none. */
export async function openSite(directory = join(ROOT, 'build'), baseUrl = '/'): Promise<Site | undefined> {
  if (!existsSync(join(directory, 'index.html')))
    throw new Error(`${directory} has no site: npm run build comes first`);
  const browser = await startBrowser();
  if (browser === undefined) return undefined;
  const server = await serveDirectory(directory, { port: 0, baseUrl });
  const address = `http://localhost:${server.port}${baseUrl}`;
  let context: BrowserContext | undefined;
  return {
    address,
    async open(path, { keepSite = false, ...options } = {}) {
      await context?.close();
      context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      // Kept for offline use, all of the site would be fetched for every test.
      if (!keepSite)
        await context.addInitScript(() =>
          Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined }),
        );
      const page = await context.newPage();
      const faults: string[] = [];
      const fetched = new Map<string, number>();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()))
          faults.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (/^https?:$/.test(protocol) && hostname !== 'localhost')
          faults.push(`request to ${request.url()}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
        const { pathname } = new URL(response.url());
        // That it was fetched is known at once, how much it was only later.
        if (!fetched.has(pathname)) fetched.set(pathname, 0);
        void response
          .body()
          .then((body) => fetched.set(pathname, body.length))
          .catch(() => {});
      });
      await page.goto(address + path, { waitUntil: 'load' });
      return { page, faults, fetched };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Waits until the page's scripts run. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForSelector('html[data-has-hydrated="true"]');
  await page.waitForSelector('.live-block textarea');
}

/** Replaces the code of a block, if `code` is given, runs it and gives its result panel's text. */
export async function runBlock(page: Page, id: string, code?: string): Promise<string> {
  const block = page.locator(`[id="${id}"]`);
  if (code !== undefined) await block.locator('textarea').fill(code);
  await block.getByRole('button', { name: /실행$/ }).click();
  await page.waitForFunction(
    (name) => ['done', 'failed'].includes(document.getElementById(name)?.dataset['phase'] ?? ''),
    id,
    { timeout: 30_000 },
  );
  return panelOf(page, id);
}

export function panelOf(page: Page, id: string): Promise<string> {
  // On a phone the result is no tab; what lies over it is looked at first.
  return page.locator(`[id="${id}"] :is([role="tabpanel"], [role="region"])`).last().innerText();
}
