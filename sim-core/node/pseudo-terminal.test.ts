import { describe, expect, it } from 'vitest';
import { PseudoTerminal } from './pseudo-terminal.ts';

function open() {
  let screen = '';
  const terminal = new PseudoTerminal((text) => (screen += text));
  return { terminal, read: () => terminal.input.read(), screen: () => screen };
}

describe('PseudoTerminal', () => {
  it.each([
    ['a line', 'ls\r', 'ls\n', 'ls\r\n'],
    ['a character taken back', 'lz\x7fs\n', 'ls\n', 'lz\b \bs\r\n'],
    ['a wide one', '가\x7f\n', '\n', '가\b\b  \b\b\r\n'],
    ['a control character', 'a\x01\x7f\n', 'a\n', 'a^A\b\b  \b\b\r\n'],
    ['a word taken back', 'a b\x17\n', 'a \n', 'a b\b \b\r\n'],
    ['a line taken back', 'ab\x15c\n', 'c\n', 'ab\b \b\b \bc\r\n'],
    ['the end of the input within a line', 'ab\x04', 'ab', 'ab'],
    ['the end of the input', '\x04', undefined, ''],
    ['a key that would stop a process', '\x1aa\n', 'a\n', '^Za\r\n'],
  ])('reads %s', async (_, keys, line, shown) => {
    const { terminal, read, screen } = open();
    terminal.type(keys);
    expect(await read()).toBe(line);
    expect(screen()).toBe(shown);
  });

  it('reads on after an end of the input, until the client is gone', async () => {
    const { terminal, read } = open();
    terminal.type('\x04a\n');
    expect([await read(), await read()]).toEqual([undefined, 'a\n']);
    const waiting = read();
    terminal.hangUp();
    expect([await waiting, await read()]).toEqual([undefined, undefined]);
  });

  it('tells the foreground of a signal, which takes along what was typed', async () => {
    const { terminal, read, screen } = open();
    const told: string[] = [];
    terminal.takeForeground((signal) => told.push(`outer ${signal}`));
    const release = terminal.takeForeground((signal) => told.push(`inner ${signal}`));
    terminal.type('a\nb\x03');
    terminal.resize();
    release();
    terminal.type('\x1cc\n');
    expect(told).toEqual(['inner INT', 'inner WINCH', 'outer QUIT']);
    expect(await read()).toBe('c\n');
    expect(screen()).toBe('a\r\nb^C^\\c\r\n');
  });

  it('ends lines as a screen needs it', () => {
    const { terminal, screen } = open();
    terminal.write('a\nb\n');
    expect(screen()).toBe('a\r\nb\r\n');
  });
});
