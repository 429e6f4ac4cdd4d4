import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.xml': 'application/xml; charset=utf-8',
};

export interface StaticServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where the site lies: "/" or "/notes/". */
  readonly baseUrl: string;
}

/**
 * Serves a directory as a static host does: index.html for folders, 404.html for what is missing.
 * Resolves, when it listens on localhost, with the port and a function that closes it.
 */
export async function serveDirectory(
  directory: string,
  options: StaticServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const root = resolve(directory);
  const server: Server = createServer((request, response) =>
    answer(root, options.baseUrl, request, response),
  );
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port, 'localhost', listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function answer(root: string, baseUrl: string, request: IncomingMessage, response: ServerResponse): void {
  const found = locate(root, baseUrl, request.url ?? '/');
  const file = found ?? join(root, '404.html');
  response.statusCode = found === undefined ? 404 : 200;
  response.setHeader('Content-Type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(file)
    .on('error', () => response.end())
    .pipe(response);
}

/** The file that a URL names, or undefined. Never one outside of `root`. */
function locate(root: string, baseUrl: string, url: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
  } catch {
    return undefined;
  }
  if (!path.startsWith(baseUrl)) return undefined;
  const file = normalize(join(root, path.slice(baseUrl.length)));
  if (file !== root && !file.startsWith(root + sep)) return undefined;
  for (const candidate of [file, join(file, 'index.html'), `${file}.html`]) {
    try {
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there: try the next form.
    }
  }
  return undefined;
}
