import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketMessages } from './web-socket-messages.ts';

/** What the WebSocket is told, and what tells it that a message is off. */
function recorded() {
  const told: string[] = [];
  const off: (() => void)[] = [];
  const client = {
    send: (message: Buffer, done: () => void) => {
      told.push(message.toString());
      off.push(done);
    },
    close: (code: number) => told.push(`close ${code}`),
  };
  return { told, off, messages: new WebSocketMessages(client as unknown as WebSocket) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('WebSocketMessages sends a message when the one before is off, and closes after the last', async () => {
  const { told, off, messages } = recorded();
  void messages.send(Buffer.from('one'));
  void messages.send(Buffer.from('two'));
  void messages.close();
  await turn();
  expect(told).toEqual(['one']);
  off[0]!();
  await turn();
  expect(told).toEqual(['one', 'two']);
  off[1]!();
  await turn();
  expect(told).toEqual(['one', 'two', 'close 1000']);
});
