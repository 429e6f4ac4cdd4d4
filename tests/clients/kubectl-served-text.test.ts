import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCluster } from '../../sim-core/cluster/create-cluster.ts';
import { settle } from '../../sim-core/testing/settle.ts';
import { findRealKubectl } from '../../tools/real-kubectl.mts';
import { serveCluster } from './served-cluster.ts';
import { FILES, SERVED_LINES } from './served-lines.ts';

const kubectl = findRealKubectl();
if ('missing' in kubectl) console.log(`kubectl's texts are not compared: ${kubectl.missing}`);

const SEED = 7;
/** The working directory of the lab's terminal. */
const PLACE = '/tmp/lines';

/** What differs for reasons of version, place or time. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/https:\/\/[\d.]+:\d+/g, '<server>'],
  [/\b\d+(?:\.\d+)?s\b/g, '<age>'],
  // The head of a line in klog's format: when, and by which process.
  [/^([EFIW])\d{4} [\d:.]+ +\d+ /gm, '$1 <when> '],
];

/** The same command lines through the real kubectl and through the lab's, each on a cluster of the same seed. */
describe.skipIf('missing' in kubectl)('kubectl with a server says what the real one says', async () => {
  const served = await serveCluster('--seed', String(SEED));
  afterAll(() => served.stop());
  const cluster = await createCluster({ shape: 'kubeadm', seed: SEED, settle });
  const shell = cluster.openShell();
  const { files } = cluster.machines.get('controlplane')!;
  for (const [name, text] of Object.entries(FILES)) {
    const [real, simulated] = [join(served.directory, name), join(PLACE, name)];
    mkdirSync(dirname(real), { recursive: true });
    writeFileSync(real, text);
    files.makeDirectory(dirname(simulated), { parents: true });
    files.write(simulated, text);
  }
  await cluster.clock.until(shell.run(`cd ${PLACE}`));

  const real = (line: string) =>
    new Promise<string>((resolve) => {
      const child = spawn('bash', ['-c', line], {
        cwd: served.directory,
        env: {
          HOME: served.directory,
          KUBECONFIG: served.kubeconfig,
          PATH: `${dirname('path' in kubectl ? kubectl.path : '')}:/usr/bin:/bin`,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
      child.on('close', (code) => resolve(shown(stdout, stderr, code)));
    });

  it.each(SERVED_LINES)('%s', { timeout: 60_000 }, async (line) => {
    const { stdout, stderr, exit } = await cluster.clock.until(shell.run(line));
    expect(shown(stdout, stderr, exit)).toBe(await real(line));
  });
});

function shown(stdout: string, stderr: string, exit: number | null): string {
  const text = `exit ${exit}\n${stdout}\n--- stderr\n${stderr}`;
  return PLACEHOLDERS.reduce((result, [pattern, placeholder]) => result.replace(pattern, placeholder), text);
}
