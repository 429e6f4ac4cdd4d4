import { expect, it } from 'vitest';
import { runViCommand } from './vi-command.ts';

const FILE = { text: 'a: 1\nb: 2\nb: 3\n', opened: 'a: 1\n', written: null, cursor: 0 };

it.each([':wq', ':x', 'ZZ', ' :wq! '])('%s writes and closes', (line) =>
  expect(runViCommand(line, FILE)).toEqual({ does: 'close', text: FILE.text }),
);

it('quits without writing only if told so, and keeps what :w wrote', () => {
  expect(runViCommand(':q', FILE)).toMatchObject({ does: 'say', message: expect.stringContaining('E37') });
  expect(runViCommand(':q!', FILE)).toEqual({ does: 'close', text: null });
  expect(runViCommand(':q', { ...FILE, text: FILE.opened })).toEqual({ does: 'close', text: null });
  expect(runViCommand(':w', FILE)).toEqual({ does: 'write' });
  const written = { ...FILE, written: FILE.text };
  expect(runViCommand(':q', written)).toEqual({ does: 'close', text: FILE.text });
  expect(runViCommand(':q!', { ...written, text: 'c' })).toEqual({ does: 'close', text: FILE.text });
});

it('finds the next place of a word, from the end on the first', () => {
  expect(runViCommand('/b:', FILE)).toEqual({ does: 'go', from: 5, to: 7 });
  expect(runViCommand('/b:', { ...FILE, cursor: 5 })).toEqual({ does: 'go', from: 10, to: 12 });
  expect(runViCommand('/b:', { ...FILE, cursor: 10 })).toEqual({ does: 'go', from: 5, to: 7 });
  expect(runViCommand('/z', FILE)).toEqual({ does: 'say', message: 'E486: Pattern not found: z' });
});

it('goes to a line, or to the last one', () => {
  expect(runViCommand(':2', FILE)).toEqual({ does: 'go', from: 5, to: 5 });
  expect(runViCommand(':99', FILE)).toEqual({ does: 'go', from: 10, to: 10 });
});

it('says what it does not know, and what it knows', () => {
  expect(runViCommand(':set nu', FILE)).toMatchObject({
    does: 'say',
    message: expect.stringMatching(/^E492: Not an editor command: set nu · :w :wq/),
  });
});
