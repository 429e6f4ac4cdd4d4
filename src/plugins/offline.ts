import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { transform } from 'sucrase';

/** The parts of a bundler that are looked at. */
interface Compiler {
  readonly hooks: { readonly emit: { tap(name: string, work: (compilation: Compilation) => void): void } };
}
interface Compilation {
  readonly chunks: Iterable<Chunk>;
  readonly chunkGraph: { getChunkModulesIterable(chunk: Chunk): Iterable<BundledModule> };
}
interface Chunk {
  readonly files: Iterable<string>;
  readonly auxiliaryFiles: Iterable<string>;
}
interface BundledModule {
  nameForCondition(): string | null | undefined;
}

/** What a page may need that a reader has opened. Not: what only other programs read, and pictures for them. */
const KEPT = /\.(?:html|css|js|json|svg|ico|ttf|wasm|bin)$/;
/** Modules of the editor and its workers: two megabytes, compressed, that only 편집 needs. */
const RARE = /[\\/]node_modules[\\/](?:monaco-editor|@monaco-editor)[\\/]/;
/** Modules of the pages themselves; the lab's worker has none of them. */
const PAGE =
  /[\\/](?:docs|src[\\/](?:client|components|pages|theme)|node_modules[\\/]@docusaurus|\.docusaurus[\\/](?!checkpoints))[\\/]?/;
export const SERVICE_WORKER = 'sw.js';
/** Where a build leaves what {@link Uses} it found, for tools/build.mts. */
export const USES_FILE = '.docusaurus/offline-uses.json';

/** The build as src/service-worker/worker.ts reads it. */
export interface BuildFiles {
  readonly id: string;
  /** Path below the base, as it is asked for ("docs/", not "docs/index.html"): integrity. */
  readonly files: Readonly<Record<string, string>>;
  readonly page: readonly string[];
  readonly rare: readonly string[];
}

/** What of the bundler's files reading a page takes, and what is used seldom. */
export interface Uses {
  readonly page: readonly string[];
  readonly rare: readonly string[];
}

/** The files of a built site. `id` is another one whenever a file is. */
export function listBuild(directory: string, { page, rare }: Uses): BuildFiles {
  const files: Record<string, string> = {};
  const linked = new Set<string>();
  for (const file of walk(directory)) {
    if (!KEPT.test(file) || file === SERVICE_WORKER) continue;
    const content = readFileSync(join(directory, file));
    files[file.replace(/(^|\/)index\.html$/, '$1')] =
      `sha256-${createHash('sha256').update(content).digest('base64')}`;
    if (!file.endsWith('.html')) continue;
    for (const [address] of content.toString().matchAll(/assets\/[^"'\s>]+/g)) linked.add(address);
  }
  const paths = Object.keys(files);
  return {
    id: createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16),
    files,
    page: paths.filter(
      (path) =>
        !rare.includes(path) && (!path.startsWith('assets/') || linked.has(path) || page.includes(path)),
    ),
    rare: paths.filter((path) => rare.includes(path)),
  };
}

/** The text of the service worker for these files; `source` is that of src/service-worker/worker.ts. */
export function serviceWorkerText(build: BuildFiles, source: string): string {
  const { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true });
  // A service worker is a classic script.
  return `const BUILD = ${JSON.stringify(build)};\n${code.replace(/^export \{\};?$/m, '')}`;
}

/** Finds out what a build's files are for: the service worker, which is written last, has a list of them. */
export function offlinePlugin({ siteDir }: LoadContext): Plugin {
  const page = new Set<string>();
  const rare = new Set<string>();
  return {
    name: 'offline',
    configureWebpack(_config, isServer) {
      if (isServer) return {};
      return { plugins: [{ apply: (compiler) => collectUses(compiler as unknown as Compiler, page, rare) }] };
    },
    async postBuild() {
      const uses: Uses = { page: [...page], rare: [...rare] };
      await writeFile(join(siteDir, USES_FILE), JSON.stringify(uses));
    },
  };
}

/** Notes what the bundler's files are made of. */
function collectUses(compiler: Compiler, page: Set<string>, rare: Set<string>): void {
  compiler.hooks.emit.tap('offline', ({ chunks, chunkGraph }) => {
    for (const chunk of chunks) {
      const modules = [...chunkGraph.getChunkModulesIterable(chunk)].map(
        (module) => module.nameForCondition() ?? '',
      );
      const isRare = modules.some((name) => RARE.test(name));
      const uses = isRare ? rare : modules.some((name) => PAGE.test(name)) ? page : undefined;
      for (const file of [...chunk.files, ...chunk.auxiliaryFiles]) uses?.add(file);
    }
  });
}

/** Paths of all files below, in order, with "/" between folders. */
function walk(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
