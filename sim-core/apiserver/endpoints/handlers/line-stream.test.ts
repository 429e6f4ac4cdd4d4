import { describe, expect, it } from 'vitest';
import type { Line } from './line-stream.ts';
import { LineStream } from './line-stream.ts';

const VALUE = { type: 'ADDED', object: {} };
const line = (text: () => string): Line => ({
  value: VALUE,
  get text() {
    return text();
  },
});

describe('LineStream', () => {
  it('gives texts to who iterates', async () => {
    const stream = new LineStream(() => {});
    stream.push('one\n');
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of stream) texts.push(text);
    })();
    stream.push(line(() => 'two\n'));
    stream.end();
    await reading;
    expect(texts).toEqual(['one\n', 'two\n']);
  });

  it('gives values to who wants those, and writes no text for it', async () => {
    const stream = new LineStream(() => {});
    const values = stream.values();
    const first = values.next();
    stream.push(
      line(() => {
        throw new Error('nobody asked for the text');
      }),
    );
    stream.push('{"a":1}\n');
    expect((await first).value).toBe(VALUE);
    expect((await values.next()).value).toEqual({ a: 1 });
    stream.end();
    expect((await values.next()).done).toBe(true);
  });

  it('tells the server that the reader hung up, and forgets what was pushed', async () => {
    let cancelled = 0;
    const stream = new LineStream(() => cancelled++);
    stream.push('one\n');
    stream.cancel();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    stream.cancel();
    expect(cancelled).toBe(1);
  });
});
