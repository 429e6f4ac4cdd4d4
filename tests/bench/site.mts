import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Benchmark, Measurement } from './measure.mts';

const BUILD = 'build';
const PAGES: Readonly<Record<string, string>> = {
  home: 'index.html',
  note: 'docs/cka/core-concepts/kube-apiserver/index.html',
  plain: '404.html',
};

/** Bytes that a page asks for before the reader touches it, gzip, from the built site. */
export const siteBenchmarks: readonly Benchmark[] = [
  {
    name: 'site.bytes',
    run: async () => {
      if (!existsSync(join(BUILD, 'index.html'))) {
        process.stderr.write('site.bytes: skipped, there is no build/ (npm run build makes it)\n');
        return [];
      }
      return Object.entries(PAGES).flatMap(([page, file]): Measurement[] => {
        const html = readFileSync(join(BUILD, file), 'utf8');
        return [
          { name: `site.${page}.html`, value: gzipSync(html).length, unit: 'B gz' },
          {
            name: `site.${page}.js`,
            value: linkedBytes(html, /<script[^>]+src="?([^" >]+\.js)/g),
            unit: 'B gz',
          },
          {
            name: `site.${page}.css`,
            value: linkedBytes(html, /<link[^>]+href="?([^" >]+\.css)/g),
            unit: 'B gz',
          },
        ];
      });
    },
  },
  {
    name: 'site.largest-scripts',
    run: async () => {
      const folder = join(BUILD, 'assets', 'js');
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((file) => /\.(js|wasm)$/.test(file))
        .map((file) => ({
          name: `site.script.${file.replace(/\.[0-9a-f]{8,}/g, '')}`,
          value: gzipSync(readFileSync(join(folder, file))).length,
          unit: 'B gz',
        }))
        .sort((a, b) => b.value - a.value)
        .slice(0, 12);
    },
  },
];

/** Sum of the gzip sizes of the local files that `pattern` finds in a page. */
function linkedBytes(html: string, pattern: RegExp): number {
  let sum = 0;
  for (const [, url] of html.matchAll(pattern)) {
    const file = join(BUILD, url!.slice(url!.indexOf('/assets/')));
    if (existsSync(file)) sum += gzipSync(readFileSync(file)).length;
  }
  return sum;
}
