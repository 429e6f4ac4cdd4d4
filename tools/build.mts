import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Uses } from '../src/plugins/offline.ts';
import { listBuild, SERVICE_WORKER, serviceWorkerText, USES_FILE } from '../src/plugins/offline.ts';
import { runStep } from './run.mts';

/**
 * `npm run build [-- --out-dir DIR]`: the static site. The service worker comes last: it lists everything that the
 * site generator and its plugins have written.
 */
const args = process.argv.slice(2);
const named = args.indexOf('--out-dir');
const directory = named < 0 ? 'build' : args[named + 1]!;

const { exit } = await runStep({ name: 'site', command: 'docusaurus', args: ['build', ...args] });
if (exit === 0) {
  const uses = JSON.parse(await readFile(USES_FILE, 'utf8')) as Uses;
  const source = await readFile('src/service-worker/worker.ts', 'utf8');
  await writeFile(join(directory, SERVICE_WORKER), serviceWorkerText(listBuild(directory, uses), source));
}
process.exitCode = exit;
