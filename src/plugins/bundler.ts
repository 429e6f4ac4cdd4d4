import type { Plugin } from '@docusaurus/types';

/** Bundler settings that the lab's worker and editor need. */
export function bundlerPlugin(): Plugin {
  return {
    name: 'site-bundler',
    configureWebpack(_config, isServer, { currentBundler }) {
      return {
        resolve: {
          // The shell's grammar comes from just-bash, whose gzip commands the lab does not offer.
          fallback: { zlib: false, fs: false, path: false, module: false, url: false, worker_threads: false },
        },
        module: {
          rules: [
            { test: /\.wasm$/, type: 'asset/resource' },
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
                // Without this the editor's styles join the style sheet of every page.
                monacoCss: {
                  name: 'monaco-css',
                  chunks: 'async' as const,
                  enforce: true,
                  priority: 60,
                  test: (module: { type?: string; identifier?(): string }) =>
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
