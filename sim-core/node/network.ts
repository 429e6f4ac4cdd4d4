import type { HttpHandler, HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import type { ServerTls } from '../crypto/tls/handshake.ts';

/** Somebody who listens at an address. */
export interface Listener {
  readonly handler: HttpHandler;
  /** Missing: plain HTTP. */
  readonly tls?: ServerTls;
}

const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

/** The network between the machines: who listens at which IPv4 address and port. */
export class Network {
  readonly #listeners = new Map<string, Listener>();
  readonly #arriving = new Set<Promise<unknown>>();

  /** The network as it is seen from one machine. */
  attach(hostname: string, address: string): MachineNetwork {
    return new MachineNetwork(this, hostname, address);
  }

  /** Makes who finds nobody listening look again after `arrival`: a process that listens is on its way. */
  expect(arrival: Promise<unknown>): void {
    this.#arriving.add(arrival);
    const arrived = () => void this.#arriving.delete(arrival);
    arrival.then(arrived, arrived);
  }

  /** Resolves when nobody is on the way any more; undefined if nobody is. */
  get arrivals(): Promise<unknown> | undefined {
    return this.#arriving.size === 0 ? undefined : Promise.allSettled(this.#arriving);
  }

  get listeners(): Map<string, Listener> {
    return this.#listeners;
  }
}

/** One machine's view: 127.0.0.1 is its own, 0.0.0.0 stands for all of its addresses. */
export class MachineNetwork {
  readonly #network: Network;
  readonly #listeners: Map<string, Listener>;
  readonly #hostname: string;
  readonly #address: string;

  constructor(network: Network, hostname: string, address: string) {
    this.#network = network;
    this.#listeners = network.listeners;
    this.#hostname = hostname;
    this.#address = address;
  }

  /** Answers at `address` and `port` until the returned function is called. Throws if it is taken. */
  listen(address: string, port: number, listener: Listener): () => void {
    const keys = (address === ANY ? [LOOPBACK, this.#address] : [address]).map((own) => this.#key(own, port));
    const taken = keys.find((key) => this.#listeners.has(key));
    if (taken !== undefined) throw new Error(`listen tcp ${address}:${port}: bind: address already in use`);
    for (const key of keys) this.#listeners.set(key, listener);
    return () => {
      for (const key of keys) if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
    };
  }

  /** Who listens there; undefined for nobody. */
  find(address: string, port: number): Listener | undefined {
    return this.#listeners.get(this.#key(address, port));
  }

  /** Who listens there; throws a ConnectionError if nobody does. */
  connect(address: string, port: number): Listener {
    const listener = this.find(address, port);
    if (listener !== undefined) return listener;
    throw new ConnectionError('refused', `dial tcp ${address}:${port}: connect: connection refused`);
  }

  /** As {@link connect}, but waits first for processes that are on their way. */
  async reach(address: string, port: number): Promise<Listener> {
    if (this.find(address, port) === undefined) await this.#network.arrivals;
    return this.connect(address, port);
  }

  /** Sends a request; rejects with a ConnectionError if nothing listens. Asks for no certificate. */
  async request(address: string, port: number, request: HttpRequest): Promise<HttpResponse> {
    return (await this.reach(address, port)).handler(request);
  }

  #key(address: string, port: number): string {
    const host = address === 'localhost' || address === LOOPBACK ? `${this.#hostname}/${LOOPBACK}` : address;
    return `${host}:${port}`;
  }
}
