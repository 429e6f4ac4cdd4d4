import type { WebSocket } from 'ws';
import { WebSocketMessages } from './web-socket-messages.ts';

const DIGIT_0 = 0x30;

/**
 * A WebSocket whose messages begin with the number of a channel: one byte and bytes, or one digit and Base64 where the
 * protocol's name says so.
 *
 * Models k8s.io/apimachinery/pkg/util/httpstream/wsstream/conn.go.
 */
export class ChannelSocket {
  readonly #client: WebSocket;
  readonly #messages: WebSocketMessages;
  readonly #isBase64: boolean;

  /** `protocol` is what client and server agreed on; "" for none. */
  constructor(client: WebSocket, protocol: string) {
    this.#client = client;
    this.#messages = new WebSocketMessages(client);
    this.#isBase64 = /(?:^|\.)base64\./.test(protocol);
  }

  /** Resolves when the message is off, or cannot be any more. */
  send(channel: number, bytes: Buffer): Promise<void> {
    return this.#messages.send(
      this.#isBase64 ? `${channel}${bytes.toString('base64')}` : Buffer.concat([Buffer.of(channel), bytes]),
    );
  }

  onMessage(listener: (channel: number, bytes: Buffer) => void): void {
    this.#client.on('message', (data: Buffer) => {
      const [first = 0] = data;
      if (!this.#isBase64) listener(first, data.subarray(1));
      else listener(first - DIGIT_0, Buffer.from(data.toString('latin1', 1), 'base64'));
    });
  }

  /** Says goodbye once all that was said is off. */
  close(): Promise<void> {
    return this.#messages.close();
  }
}
