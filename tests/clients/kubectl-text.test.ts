import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCluster } from '../../sim-core/cluster/create-cluster.ts';
import { settle } from '../../sim-core/testing/settle.ts';
import { findRealKubectl } from '../../tools/real-kubectl.mts';
import { COMMAND_LINES, HELP_PAGES } from './command-lines.ts';

const kubectl = findRealKubectl();
if ('missing' in kubectl) console.log(`kubectl's texts are not compared: ${kubectl.missing}`);

/** What differs for reasons of version or place. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [[/\bv1\.\d+\.\d+\b/g, '<version>']];

/**
 * The same command lines through the real kubectl, which is given no server, and through the
 * simulated one: same text, same exit code.
 */
describe.skipIf('missing' in kubectl)('kubectl without a server says what the real one says', async () => {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-'));
  afterAll(() => rmSync(home, { recursive: true }));
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  // The same path of the home directory on both sides, and no configuration in it.
  const shell = cluster.openShell();
  cluster.machines.get('controlplane')!.files.remove('/root/.kube', { recursive: true });

  const real = (line: string) => {
    const { stdout, stderr, status } = spawnSync('bash', ['-c', line], {
      cwd: home,
      encoding: 'utf8',
      env: {
        HOME: home,
        PATH: `${join('path' in kubectl ? kubectl.path : '', '..')}:/usr/bin:/bin`,
      },
    });
    return shown(stdout.replaceAll(home, '/root'), stderr.replaceAll(home, '/root'), status);
  };
  const simulated = async (line: string) => {
    const { stdout, stderr, exit } = await cluster.clock.until(shell.run(line));
    return shown(stdout, stderr, exit);
  };

  it.each([...HELP_PAGES.map((page) => `kubectl ${page} --help`), ...COMMAND_LINES])(
    '%s',
    { timeout: 60_000 },
    async (line) => {
      expect(await simulated(line)).toBe(real(line));
    },
  );
});

function shown(stdout: string, stderr: string, exit: number | null): string {
  const text = `exit ${exit}\n${stdout}\n--- stderr\n${stderr}`;
  return PLACEHOLDERS.reduce((result, [pattern, placeholder]) => result.replace(pattern, placeholder), text);
}
