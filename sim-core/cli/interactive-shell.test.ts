import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { InputStream } from '../node/program.ts';
import type { Shell } from '../shell/command.ts';
import { settle } from '../testing/settle.ts';
import { runInteractiveShell } from './interactive-shell.ts';

/** A shell at a terminal that a test types at. `keys` reads what it is given as it is, `line` a line of it. */
function open() {
  const ran: string[] = [];
  let place = 'inner';
  const shell: Shell = {
    prompt: () => `${place}$ `,
    complete: () => Promise.resolve({ from: 0, candidates: [] }),
    needsGrammar: () => false,
    async run(line, { stdin, onOutput, context } = {}) {
      ran.push(line);
      const input = stdin as InputStream;
      if (line === 'keys') {
        input.setRaw?.(true);
        let typed = '';
        while (!typed.endsWith('q')) typed += await input.read();
        input.setRaw?.(false);
        onOutput?.('stdout', JSON.stringify(typed));
      }
      if (line === 'line') {
        const cancelled = new Promise<undefined>((resolve) => context?.onCancel(() => resolve(undefined)));
        onOutput?.('stdout', JSON.stringify((await Promise.race([input.read(), cancelled])) ?? null));
      }
      if (line === 'exit') place = 'outer';
      return { stdout: '', stderr: '', exit: 0 };
    },
  };
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => void modes.push(mode),
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let screen = '';
  output.on('data', (piece: Buffer) => (screen += piece.toString()));
  const ended = runInteractiveShell(
    { clock: new VirtualClock({ start: 0, settle }), shell },
    input as unknown as NodeJS.ReadStream,
    output as unknown as NodeJS.WriteStream,
  );
  return {
    ...{ ran, modes, ended },
    type: (keys: string) => void input.write(keys),
    shows: (text: string) => vi.waitFor(() => expect(screen).toContain(text)),
  };
}

describe('the interactive shell', () => {
  it('gives every key to a command that wants them so, and the lines after it to the shell', async () => {
    const { type, shows, ran, modes, ended } = open();
    type('keys\r');
    await vi.waitFor(() => expect(modes.at(-2)).toBe(false));
    type('a\x03');
    type('\x04\r가q');
    await shows(JSON.stringify('a\x03\x04\r가q'));
    type('line\r');
    type('b\r');
    await shows('"b\\n"');
    type('line\r');
    await vi.waitFor(() => expect(ran).toEqual(['keys', 'line', 'line']));
    type('\x03');
    await shows('null');
    type('exit\r');
    await shows('outer$ ');
    type('exit\r');
    await ended;
  });

  it('leaves a session with Ctrl+D, and the terminal with the last of them', async () => {
    const { type, shows, ran, ended } = open();
    type('\x04');
    await shows('outer$ ');
    type('\x04');
    await ended;
    expect(ran).toEqual(['exit', 'exit']);
  });
});
