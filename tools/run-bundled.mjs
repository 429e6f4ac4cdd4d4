// node tools/run-bundled.mjs PROGRAM.ts [ARGUMENTS…]
//
// Bundles a TypeScript program of this project in one go and runs it in this process. What starts often or is
// measured runs so: a start reads one file instead of hundreds, and the code is what the page runs. (tsx names
// every closure as it is made, which costs a third of the simulator's time.)
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [program, ...args] = process.argv.slice(2);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules/.cache/bundled');
mkdirSync(cache, { recursive: true });
// What a process that was killed left behind.
const DAY_MS = 86_400_000;
for (const name of readdirSync(cache)) {
  const left = join(cache, name);
  const changed = statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (Date.now() - changed > DAY_MS) rmSync(left, { recursive: true, force: true });
}
// Of this process alone: two that start at once do not write into each other's files.
const outdir = mkdtempSync(`${cache}/`);
process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));

/** Packages stay what they are, where the importing file finds them. */
const packagesOutside = {
  name: 'packages-outside',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === packagesOutside) return undefined;
      const found = await find(path, { kind, resolveDir, pluginData: packagesOutside });
      if (found.errors.length > 0 || found.external || !found.path.includes('/node_modules/')) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

await build({
  entryPoints: { program: resolve(program) },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'error',
  plugins: [packagesOutside],
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], resolve(program), ...args];
await import(pathToFileURL(join(outdir, 'program.mjs')).href);
