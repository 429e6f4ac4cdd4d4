import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Webernetes from '@ngrok/webernetes';
import { build } from 'vite';

export const WEBERNETES = '@ngrok/webernetes 0.3.5';

/**
 * The package that our numbers are compared with. It is written for bundlers: Node does not resolve
 * its imports, so it is bundled first, as it would be for a page.
 */
export async function loadWebernetes(): Promise<typeof Webernetes> {
  const folder = mkdtempSync(join(tmpdir(), 'webernetes-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: resolve('node_modules/@ngrok/webernetes/dist/index.js'),
        outDir: folder,
        minify: false,
        rollupOptions: { output: { entryFileNames: 'webernetes.mjs' } },
      },
    });
    return (await import(pathToFileURL(join(folder, 'webernetes.mjs')).href)) as typeof Webernetes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
