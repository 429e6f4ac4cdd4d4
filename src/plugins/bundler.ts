import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from '@docusaurus/types';

/** The simulator and its engine, and the editor: fetched when a reader first needs them. */
const HEAVY =
  /[\\/](?:sim-core|src[\\/]worker|node_modules[\\/](?:monaco-editor|@monaco-editor|quickjs-emscripten|quickjs-emscripten-core|@jitl|sucrase|just-bash|yaml|rfc6902|sorted-btree|@noble|re2js))[\\/]/;

/**
 * The shell's grammar and its text tools, each of which is fetched when a line names it: the package's own build
 * for browsers has all of them in one piece.
 */
const JUST_BASH = join(
  dirname(require.resolve('just-bash', { paths: [require.resolve('sim-core')] })),
  'index.js',
);
/**
 * Parts of it that the lab does not offer: what goes to the network, what packs, and other languages; and what
 * the lab has its own of, of which the awk is large.
 */
const LEFT_OUT =
  /\.\/chunks\/(?:awk2|curl|du|flag-coverage|gunzip|gzip|html-to-markdown|js-exec|python3|split|sqlite3|undici|xan|xan-view)-\w+\.js$/;
/** There is no Node in a browser: real files and workers are left out, too. */
const NODE_MODULES = {
  ...Object.fromEntries(builtinModules.map((name) => [name, false] as const)),
  module: require.resolve('./node-module.ts'),
};

/**
 * What sucrase can do beside dropping types, and a check of options that the compiler has checked: nothing of it runs
 * where no option asks for it.
 */
const SUCRASE_EXTRAS =
  /^\.\.?\/(?:.*\/)?(?:CJSImport(?:Processor|Transformer)|(?:Flow|JestHoist|JSX|ReactDisplayName|ReactHotLoader)Transformer|flow|jsx|jsx\/index|formatTokens|Options)$/;
const SUCRASE = /[\\/]node_modules[\\/]sucrase[\\/]/;

/** No page is rendered with the worker: it need not be built twice. */
const NOTHING: Readonly<Record<string, false>> = {
  'sim-core': false,
  'quickjs-emscripten': false,
  sucrase: false,
};

const SIMULATOR = /[\\/](?:sim-core|src[\\/]worker)[\\/]/;

/** What the reader opens first: several such parts use it, and still no page needs it before. */
const OPENED_LATER =
  /[\\/]src[\\/](?:components[\\/](?:LabHistory|Replay|RequestFlow)|client[\\/](?:line-diff|refusal|replay-steps|request-flow|share-link))[\\/.]/;

/** Scenarios, and what is about them alone. */
const LABS =
  /[\\/](?:src[\\/](?:labs[\\/](?!scenario)|components[\\/](?:Lab(?:Page|Task|List)|Prose))|docs[\\/]cka[\\/]labs)[\\/]?/;

/** What pages of labs share, and no other page needs. */
const SHARED_BY_LABS =
  /[\\/](?:src[\\/](?:labs[\\/]checks|components[\\/](?:LabPage|Prose))|docs[\\/]cka[\\/]labs[\\/]_)/;

/** What each page is told of all of them, for the sidebar. */
const ALL_NOTES = /[\\/]docusaurus-plugin-content-docs[\\/]default[\\/]p[\\/]docs-\w+\.json$/;

/** Descriptions are for cards of notes, which no page has: every page would carry those of all. */
function withoutDescriptions(text: string): object {
  const told = JSON.parse(text) as { version: { docs: Record<string, { description?: string }> } };
  for (const note of Object.values(told.version.docs)) delete note.description;
  return told;
}

/** The parts of a bundler's module that rules look at. */
interface BundledModule {
  readonly type?: string;
  identifier?(): string;
  nameForCondition?(): string | null;
}

/** The parts of a bundler's graph that rules look at. */
interface ChunkGraph {
  getModuleChunksIterable(module: BundledModule): Iterable<{ readonly name?: string | null | undefined }>;
}

/**
 * All that the import()s of one name need, as one file: each file costs a request, and packs worse than as a part of a
 * larger one. What a page's first lines need (reads, the worker itself) is not in it.
 */
function together(name: string, priority: number) {
  return {
    ...{ name, priority, chunks: 'async' as const, enforce: true },
    test: (module: BundledModule, { chunkGraph }: { readonly chunkGraph: ChunkGraph }) =>
      [...chunkGraph.getModuleChunksIterable(module)].some((chunk) => chunk.name === name),
  };
}

/** Bundler settings that the lab's worker and editor need. */
export function bundlerPlugin(): Plugin {
  return {
    name: 'site-bundler',
    configureWebpack(_config, isServer, { currentBundler }) {
      return {
        resolve: {
          alias: isServer ? NOTHING : { 'just-bash$': JUST_BASH },
          fallback: NODE_MODULES,
        },
        module: {
          rules: [
            {
              test: /\.wasm$/,
              type: 'asset/resource',
              // It travels packed: see packed-wasm.ts.
              generator: { emit: false },
            },
            {
              test: /\.bin$/,
              type: 'asset/resource',
              generator: { filename: 'assets/bin/[name].[contenthash:8][ext]' },
            },
            { test: /\.txt$/, type: 'asset/source' },
            { test: ALL_NOTES, type: 'json', parser: { parse: withoutDescriptions } },
          ],
        },
        plugins: [
          // "node:" specifiers are a scheme of their own to the bundler: it must see plain names.
          new currentBundler.instance.NormalModuleReplacementPlugin(/^node:/, (resource) => {
            resource.request = resource.request.replace(/^node:/, '');
          }),
          new currentBundler.instance.NormalModuleReplacementPlugin(SUCRASE_EXTRAS, (resource) => {
            if (SUCRASE.test(resource.context ?? ''))
              resource.request = require.resolve('./sucrase-extras.cjs');
          }),
          new currentBundler.instance.NormalModuleReplacementPlugin(/^\.\/wasm-binary\.ts$/, (resource) => {
            resource.request = require.resolve('../worker/quickjs/packed-wasm.ts');
          }),
          new currentBundler.instance.IgnorePlugin({ resourceRegExp: LEFT_OUT, contextRegExp: /just-bash/ }),
        ],
        ...(!isServer && {
          optimization: {
            splitChunks: {
              cacheGroups: {
                // What only the worker, the editor or an opened part uses stays out of the chunk that every page loads.
                common: {
                  // Two kinds of page: by default it is half of all pages, of which there may be any number.
                  minChunks: 2,
                  test: (module: BundledModule) => {
                    const path = module.nameForCondition?.() ?? '';
                    return !HEAVY.test(path) && !OPENED_LATER.test(path) && !LABS.test(path);
                  },
                },
                write: together('write', 30),
                change: together('change', 20),
                labs: {
                  name: 'labs',
                  chunks: 'async' as const,
                  minChunks: 2,
                  minSize: 0,
                  priority: 10,
                  test: (module: BundledModule) => SHARED_BY_LABS.test(module.nameForCondition?.() ?? ''),
                },
                // What several lazy parts of the simulator use is a chunk of its own: one read after another does not
                // fetch it twice.
                simulator: {
                  chunks: 'async' as const,
                  minChunks: 2,
                  minSize: 8000,
                  reuseExistingChunk: true,
                  priority: 10,
                  test: (module: BundledModule) => SIMULATOR.test(module.nameForCondition?.() ?? ''),
                },
                // Without this the editor's styles join the style sheet of every page.
                monacoCss: {
                  name: 'monaco-css',
                  chunks: 'async' as const,
                  enforce: true,
                  priority: 60,
                  test: (module: BundledModule) =>
                    /css/.test(module.type ?? '') && (module.identifier?.() ?? '').includes('monaco-editor'),
                },
              },
            },
          },
        }),
      };
    },
  };
}
