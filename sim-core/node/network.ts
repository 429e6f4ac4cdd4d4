import type { HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import type { HttpHandler } from '../apimachinery/http.ts';

/**
 * The network between the machines: who listens at which IPv4 address and port.
 */
export class Network {
  readonly #listeners = new Map<string, HttpHandler>();

  /** Answers at `address` and `port` until the returned function is called. Throws if it is taken. */
  listen(address: string, port: number, handler: HttpHandler): () => void {
    const key = `${address}:${port}`;
    if (this.#listeners.has(key)) throw new Error(`listen tcp ${key}: bind: address already in use`);
    this.#listeners.set(key, handler);
    return () => {
      if (this.#listeners.get(key) === handler) this.#listeners.delete(key);
    };
  }

  isListening(address: string, port: number): boolean {
    return this.#listeners.has(`${address}:${port}`);
  }

  /** Sends a request; rejects with a ConnectionError if nothing listens. */
  async request(address: string, port: number, request: HttpRequest): Promise<HttpResponse> {
    const handler = this.#listeners.get(`${address}:${port}`);
    if (handler === undefined) throw refused(address, port);
    return handler(request);
  }

  /** Opens a connection and closes it; rejects with a ConnectionError if nothing listens. */
  async connect(address: string, port: number): Promise<void> {
    if (!this.isListening(address, port)) throw refused(address, port);
  }
}

function refused(address: string, port: number): ConnectionError {
  return new ConnectionError('refused', `dial tcp ${address}:${port}: connect: connection refused`);
}
