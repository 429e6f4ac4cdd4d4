/**
 * Writes the texts of kubectl's help (descriptions, examples, what flags mean) into
 * sim-core/kubectl/help/generated/texts.ts, and its scripts for the completion of shells into
 * sim-core/kubectl/completion/generated, as the real kubectl of this machine prints them.
 * Layout, usage lines and flags are the simulator's own. Without a real kubectl the texts stay empty,
 * and help shows names, flags and defaults alone.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findRealKubectl } from './real-kubectl.mts';
import { parseHelp, type ParsedHelp } from './kubectl-help.mts';

const KUBECTL = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sim-core/kubectl');
const OUT = join(KUBECTL, 'help/generated');
const SCRIPTS = join(KUBECTL, 'completion/generated');
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];
const run = promisify(execFile);

/** The help of the command at `path` and of all below it, by path: "", "create", "create secret", … */
async function collect(kubectl: string): Promise<Record<string, ParsedHelp>> {
  const found: Record<string, ParsedHelp> = {};
  const visit = async (path: readonly string[]): Promise<void> => {
    // The one command whose text is not its help: it lists what all commands take.
    const args = path[0] === 'options' ? path : [...path, '--help'];
    const { stdout } = await run(kubectl, args, { env: { HOME: '/root', PATH: '' } });
    const help = parseHelp(stdout);
    found[path.join(' ')] = help;
    await Promise.all(help.subcommands.map((name) => visit([...path, name])));
  };
  // No list has `help` itself.
  await Promise.all([visit([]), visit(['help']), visit(['options'])]);
  // An older kubectl has under `alpha` what is a command of its own by now.
  for (const path of Object.keys(found).filter((name) => name.startsWith('alpha '))) {
    const own = path.slice('alpha '.length);
    const text = JSON.stringify(found[path]).replaceAll(`kubectl ${path}`, `kubectl ${own}`);
    found[own] ??= JSON.parse(text) as ParsedHelp;
  }
  return found;
}

const kubectl = findRealKubectl();
const helps = 'path' in kubectl ? await collect(kubectl.path) : {};
if ('missing' in kubectl) console.log(`kubectl's help texts are left out: ${kubectl.missing}`);
const texts = Object.fromEntries(
  Object.entries(helps)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { description, examples, usages }]) => [path, { description, examples, usages }]),
);
mkdirSync(OUT, { recursive: true });
writeFileSync(
  join(OUT, 'texts.ts'),
  `import type { CommandTexts } from '../texts.ts';\n\nexport const TEXTS: Readonly<Record<string, CommandTexts>> = ${JSON.stringify(texts)};\n`,
);

mkdirSync(SCRIPTS, { recursive: true });
for (const shell of SHELLS) {
  const script =
    'path' in kubectl
      ? (await run(kubectl.path, ['completion', shell], { env: { HOME: '/root', PATH: '' } })).stdout
      : '';
  writeFileSync(join(SCRIPTS, `${shell}.ts`), `export const SCRIPT = ${JSON.stringify(script)};\n`);
}
