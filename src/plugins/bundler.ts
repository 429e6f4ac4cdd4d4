import type { Plugin } from '@docusaurus/types';

/** The simulator and its engine, and the editor: fetched when a reader first needs them. */
const HEAVY =
  /[\\/](?:sim-core|src[\\/]worker|node_modules[\\/](?:monaco-editor|@monaco-editor|quickjs-emscripten|quickjs-emscripten-core|@jitl|sucrase|just-bash|yaml|rfc6902|sorted-btree|@noble|@marcbachmann|re2js))[\\/]/;

/** The parts of a bundler's module that rules look at. */
interface BundledModule {
  readonly type?: string;
  identifier?(): string;
  nameForCondition?(): string | null;
}

/** Bundler settings that the lab's worker and editor need. */
export function bundlerPlugin(): Plugin {
  return {
    name: 'site-bundler',
    configureWebpack(_config, isServer, { currentBundler }) {
      return {
        resolve: {
          // No page is rendered with the worker: it need not be built twice.
          ...(isServer && { alias: { 'sim-core': false, 'quickjs-emscripten': false, sucrase: false } }),
          // The shell's grammar comes from just-bash, whose gzip commands the lab does not offer.
          fallback: { zlib: false, fs: false, path: false, module: false, url: false, worker_threads: false },
        },
        module: {
          rules: [
            {
              test: /\.wasm$/,
              type: 'asset/resource',
              generator: { filename: 'assets/wasm/[name].[contenthash:8][ext]' },
            },
            {
              test: /\.bin$/,
              type: 'asset/resource',
              generator: { filename: 'assets/bin/[name].[contenthash:8][ext]' },
            },
            { test: /\.txt$/, type: 'asset/source' },
          ],
        },
        plugins: [
          // "node:" specifiers are a scheme of their own to the bundler: it must see plain names.
          new currentBundler.instance.NormalModuleReplacementPlugin(/^node:/, (resource) => {
            resource.request = resource.request.replace(/^node:/, '');
          }),
        ],
        ...(!isServer && {
          optimization: {
            splitChunks: {
              cacheGroups: {
                // What only the worker or the editor uses stays out of the chunk that every page loads.
                common: {
                  test: (module: BundledModule) => !HEAVY.test(module.nameForCondition?.() ?? ''),
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
