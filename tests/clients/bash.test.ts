import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Context } from '../../sim-core/clock/context.ts';
import { VirtualClock } from '../../sim-core/clock/virtual-clock.ts';
import type { Machine } from '../../sim-core/node/machine.ts';
import { MemoryFileSystem } from '../../sim-core/node/memory-file-system.ts';
import { MemoryProcessTable } from '../../sim-core/node/memory-process-table.ts';
import { createShell } from '../../sim-core/shell/shell.ts';
import { settle } from '../../sim-core/testing/settle.ts';
import { AWK_LINES } from './awk-lines.ts';
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

const mawk = spawnSync('bash', ['-c', 'type -P mawk'], { encoding: 'utf8' }).stdout?.trim() ?? '';
if (mawk === '') console.log('awk is not compared: there is no mawk on this machine');

describe.skipIf(isMissing || !isGnu || mawk === '')('awk answers as mawk does', () => {
  // Another awk may be this machine's.
  const programs = mkdtempSync(join(tmpdir(), 'awk-'));
  beforeAll(() => symlinkSync(mawk, join(programs, 'awk')));
  afterAll(() => rmSync(programs, { recursive: true }));

  it.each(AWK_LINES)('%s', { timeout: 30_000 }, async (line) => {
    await compare(line, TEXT_FILES, `${programs}:${process.env.PATH}`);
  });
});

/** Runs a line on the machine, with its programs from `path`, and in the lab, after what makes its files. */
async function compare(line: string, files: string, path = process.env.PATH): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bash-'));
  const env = { ...process.env, PATH: path, LC_ALL: 'C.UTF-8' };
  const options = { cwd: directory, encoding: 'utf8', env } as const;
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
