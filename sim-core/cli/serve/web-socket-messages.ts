import type { WebSocket } from 'ws';

const NORMAL_CLOSURE = 1000;

/**
 * Sends the messages of a WebSocket one by one, so that each is a TLS record of its own, as from a server that flushes
 * each. A client that waits for its socket (Python's does) does not see what came in the same record as another one.
 */
export class WebSocketMessages {
  readonly #client: WebSocket;
  #last: Promise<void> = Promise.resolve();

  constructor(client: WebSocket) {
    this.#client = client;
  }

  /** A text goes as text. Resolves when the message is off, or cannot be any more. */
  send(message: Buffer | string): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => this.#client.send(message, () => resolve())));
    return this.#last;
  }

  /** Says goodbye once all that was said is off. */
  async close(): Promise<void> {
    await this.#last;
    this.#client.close(NORMAL_CLOSURE);
  }
}
