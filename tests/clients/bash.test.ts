import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Context } from '../../sim-core/clock/context.ts';
import { VirtualClock } from '../../sim-core/clock/virtual-clock.ts';
import type { Machine } from '../../sim-core/node/machine.ts';
import { MemoryFileSystem } from '../../sim-core/node/memory-file-system.ts';
import { MemoryProcessTable } from '../../sim-core/node/memory-process-table.ts';
import { createShell } from '../../sim-core/shell/shell.ts';
import { settle } from '../../sim-core/testing/settle.ts';
import { BASH_LINES } from './bash-lines.ts';
import { TEXT_FILES, TEXT_TOOL_LINES } from './text-tool-lines.ts';

const isMissing = spawnSync('bash', ['--version']).status !== 0;
if (isMissing) console.log('the shell is not compared: there is no bash on this machine');

/** The same lines through the machine's bash and through the lab's shell: same output, same exit code. */
describe.skipIf(isMissing)('the shell answers as bash does', () => {
  it.each(BASH_LINES)('%s', { timeout: 30_000 }, async (line) => {
    await compare(line, 'true');
  });
});

const isGnu = ['grep', 'sed', 'sort', 'find', 'diff'].every((tool) =>
  spawnSync(tool, ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU'),
);
if (!isGnu) console.log('the text tools are not compared: those of this machine are not all GNU');

describe.skipIf(isMissing || !isGnu)('the text tools answer as GNU does', () => {
  it.each(TEXT_TOOL_LINES)('%s', { timeout: 30_000 }, async (line) => {
    await compare(line, TEXT_FILES);
  });
});

/** Runs a line on the machine and in the lab, after what makes its files. */
async function compare(line: string, files: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bash-'));
  const options = { cwd: directory, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } } as const;
  spawnSync('bash', ['-c', files], options);
  const real = spawnSync('bash', ['-c', line], { ...options, input: '' });
  rmSync(directory, { recursive: true });
  const { clock, shell } = newShell();
  await clock.until(shell.run(files, { context: new Context() }));
  const { stdout, stderr, exit } = await clock.until(shell.run(line, { context: new Context() }));
  expect(shown(stdout, stderr, exit)).toBe(shown(real.stdout, real.stderr, real.status));
}

function newShell() {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 23, 9), settle });
  const files = new MemoryFileSystem(clock);
  for (const path of ['/dev', '/root', '/tmp', '/etc', '/usr/bin'])
    files.makeDirectory(path, { parents: true });
  files.makeDevice('/dev/null');
  const processes = new MemoryProcessTable(clock);
  const machine = {
    hostname: 'a',
    address: '::1',
    files,
    processes,
    memoryKiB: 1,
    cpus: 1,
  } as unknown as Machine;
  return { clock, shell: createShell({ machine, clock }) };
}

/** A shell that was given a script says the line; one at a terminal does not. */
function shown(stdout: string, stderr: string, exit: number | null): string {
  const errors = stderr
    .replace(/^(?:\S*\/)?bash: (?:-c: )?(?:line \d+: )?/gm, 'bash: ')
    .replace(/^bash: `.*'\n/gm, '');
  return `exit ${exit}\n${stdout}\n--- stderr\n${errors}`;
}
