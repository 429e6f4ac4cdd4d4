import type { CertificateIdentity, HttpHandler, HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';

/** The certificate that a server shows. */
export interface ServerCertificate {
  readonly identity: CertificateIdentity;
  /** PEM of the CA that signed it. */
  readonly authority: string;
  /** Names and addresses that it is good for. */
  readonly names: readonly string[];
}

/** Somebody who listens at an address. */
export interface Listener {
  readonly handler: HttpHandler;
  /** Missing: plain HTTP. */
  readonly certificate?: ServerCertificate;
}

const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

/** The network between the machines: who listens at which IPv4 address and port. */
export class Network {
  readonly #listeners = new Map<string, Listener>();

  /** The network as it is seen from one machine. */
  attach(hostname: string, address: string): MachineNetwork {
    return new MachineNetwork(this.#listeners, hostname, address);
  }
}

/** One machine's view: 127.0.0.1 is its own, 0.0.0.0 stands for all of its addresses. */
export class MachineNetwork {
  readonly #listeners: Map<string, Listener>;
  readonly #hostname: string;
  readonly #address: string;

  constructor(listeners: Map<string, Listener>, hostname: string, address: string) {
    this.#listeners = listeners;
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

  /** Sends a request; rejects with a ConnectionError if nothing listens. Asks for no certificate. */
  async request(address: string, port: number, request: HttpRequest): Promise<HttpResponse> {
    return this.connect(address, port).handler(request);
  }

  #key(address: string, port: number): string {
    const host = address === 'localhost' || address === LOOPBACK ? `${this.#hostname}/${LOOPBACK}` : address;
    return `${host}:${port}`;
  }
}
