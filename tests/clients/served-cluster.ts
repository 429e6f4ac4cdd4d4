import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `sim serve` in a process of its own. */
export interface ServedCluster {
  readonly url: string;
  /** The file that it wrote. */
  readonly kubeconfig: string;
  /** For files of the test; gone afterwards. */
  readonly directory: string;
  readonly process: ChildProcess;
  /** Ends it as Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** As `npm run sim` has it. */
const SIM = ['tools/run-bundled.mjs', 'sim-core/cli/main.ts'];

/** How long a start may take on a busy machine. */
const START_MS = 90_000;

/** Starts `sim serve` on a free port with these further arguments; rejects with what it said if it does not come up. */
export async function serveCluster(...args: readonly string[]): Promise<ServedCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'sim-serve-'));
  const kubeconfig = join(directory, 'kubeconfig');
  const child = spawn(
    process.execPath,
    [...SIM, 'serve', '--port', '0', '--kubeconfig', kubeconfig, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => fail(`not up after ${START_MS} ms`), START_MS);
    const fail = (why: string) => {
      child.kill('SIGKILL');
      clearTimeout(timer);
      reject(new Error(`sim serve: ${why}\n${said}`));
    };
    child.once('exit', (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^serving (https:\S+)$/.exec(line);
      if (match === null) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(match[1]!);
    });
  });
  return {
    url,
    kubeconfig,
    directory,
    process: child,
    async stop() {
      // Of a process that was killed the exit code stays null.
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGINT');
        await once(child, 'exit');
      }
      rmSync(directory, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
