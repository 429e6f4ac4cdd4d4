import type { HttpHandler, HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import type { Clock } from '../clock/clock.ts';
import { Context } from '../clock/context.ts';
import type { ServerTls } from '../crypto/tls/handshake.ts';

/** Somebody who listens at an address. */
export interface Listener {
  readonly handler: HttpHandler;
  /** Missing: plain HTTP. */
  readonly tls?: ServerTls | undefined;
  /**
   * While its process is not ready to serve: resolves to who serves then, rejects with a ConnectionError when the
   * process is gone. Undefined, or missing: it serves.
   */
  accepted?(): Promise<Listener> | undefined;
  /**
   * Calls `changed` once when a GET of `path` by an anonymous client may get another answer than the last one
   * did; returns a function that takes that back. Undefined, or missing: nobody can promise that.
   * Whoever asks again and again, and is alone with the answer, can wait for that instead.
   */
  onceChanged?(path: string, changed: () => void): (() => void) | undefined;
}

/** A port that a process of a machine holds open, as ss shows it. */
export interface ListeningSocket {
  /** "0.0.0.0": all addresses of the machine. */
  readonly address: string;
  readonly port: number;
  /** Undefined where nobody said it. */
  readonly pid: number | undefined;
}

/** What a machine's kube-proxy does with connections to Services. */
export interface Forward {
  /** Resolves when it knows all Services; undefined if it does. */
  ready(): Promise<unknown> | undefined;
  /** Where a connection goes; "reject" if nobody is behind the Service, undefined if the address is none of a Service. */
  target(
    address: string,
    port: number,
  ): { readonly address: string; readonly port: number } | 'reject' | undefined;
}

/** How long a client waits for the answer to its hello. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Waits until a listener takes the connection, and gives who serves it. Rejects with a ConnectionError after ten
 * seconds, as Go's TLS client does, or when the listener's process dies.
 */
export async function handshake(clock: Clock, listener: Listener): Promise<Listener> {
  const accepted = listener.accepted?.();
  if (accepted === undefined) return listener;
  const given = new Context();
  const timeout = clock.sleep(HANDSHAKE_TIMEOUT_MS, { context: given }).then(() => {
    if (!given.cancelled) throw new ConnectionError('timeout', 'net/http: TLS handshake timeout');
    return listener;
  });
  return Promise.race([accepted, timeout]).finally(() => given.cancel());
}

/** Ports below are never those of a Service. */
const FIRST_NODE_PORT = 30_000;

const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

/** What the machines share: who listens where, and which addresses there are. */
interface Wires {
  /** By host, as a machine sees it, and port. */
  readonly listeners: Map<string, Map<number, Listener>>;
  /** How many hold an address. */
  readonly addresses: Map<string, number>;
  /** By host and port. */
  readonly watchers: Map<string, Set<() => void>>;
  /** By the address of the machine. */
  readonly forwards: Map<string, Forward>;
  /** Processes that will listen and are on their way. */
  readonly arriving: Set<Promise<unknown>>;
}

/** The network between the machines: who listens at which IPv4 address and port. */
export class Network {
  readonly #wires: Wires = {
    listeners: new Map(),
    addresses: new Map(),
    watchers: new Map(),
    forwards: new Map(),
    arriving: new Set(),
  };

  /** The network as it is seen from one machine. */
  attach(hostname: string, address: string): MachineNetwork {
    return new MachineNetwork(this.#wires, hostname, address);
  }

  /** Makes who finds nobody listening look again after `arrival`: a process that listens is on its way. */
  expect(arrival: Promise<unknown>): void {
    const { arriving } = this.#wires;
    arriving.add(arrival);
    const arrived = () => void arriving.delete(arrival);
    arrival.then(arrived, arrived);
  }

  /** Resolves when nobody is on the way any more; undefined if nobody is. */
  get arrivals(): Promise<unknown> | undefined {
    return arrivalsOf(this.#wires);
  }
}

/** One machine's view: 127.0.0.1 is its own, 0.0.0.0 stands for all of its addresses. */
export class MachineNetwork {
  readonly #wires: Wires;
  readonly #hostname: string;
  readonly #address: string;
  readonly #sockets = new Set<ListeningSocket>();

  constructor(wires: Wires, hostname: string, address: string) {
    this.#wires = wires;
    this.#hostname = hostname;
    this.#address = address;
    this.addAddress(address);
  }

  /** An address exists from now on, that of a pod for example; returns a function that takes it away. */
  addAddress(address: string): () => void {
    const { addresses } = this.#wires;
    addresses.set(address, (addresses.get(address) ?? 0) + 1);
    return () => {
      const count = (addresses.get(address) ?? 1) - 1;
      if (count > 0) addresses.set(address, count);
      else addresses.delete(address);
    };
  }

  /** Whether somebody has this address. */
  reaches(address: string): boolean {
    return this.#isOwn(address) || this.#wires.addresses.has(address);
  }

  /** Sends connections to Services on, as the machine's kube-proxy says; returns a function that stops it. */
  setForward(forward: Forward): () => void {
    const { forwards } = this.#wires;
    forwards.set(this.#address, forward);
    return () => {
      if (forwards.get(this.#address) === forward) forwards.delete(this.#address);
    };
  }

  /** Answers at `address` and `port` until the returned function is called. Throws if it is taken. `pid`: who does. */
  listen(address: string, port: number, listener: Listener, pid?: number): () => void {
    const { listeners } = this.#wires;
    const hosts = (address === ANY ? [LOOPBACK, this.#address] : [address]).map((own) => this.#host(own));
    const isTaken = hosts.some((host) => listeners.get(host)?.has(port));
    if (isTaken) throw new Error(`listen tcp ${address}:${port}: bind: address already in use`);
    for (const host of hosts) this.#set(host, port, listener);
    const socket = { address, port, pid };
    this.#sockets.add(socket);
    return () => {
      this.#sockets.delete(socket);
      for (const host of hosts) {
        if (listeners.get(host)?.get(port) === listener) this.#set(host, port, undefined);
      }
    };
  }

  /** What the machine's processes hold open, those in pods included, in no order; who is on his way is waited for. */
  async sockets(): Promise<readonly ListeningSocket[]> {
    await arrivalsOf(this.#wires);
    return [...this.#sockets];
  }

  /** Who listens there; undefined for nobody. */
  find(address: string, port: number): Listener | undefined {
    return this.#wires.listeners.get(this.#host(address))?.get(port);
  }

  /** Who listens there, Services included; throws a ConnectionError if nobody does. */
  connect(address: string, port: number): Listener {
    return this.find(address, port) ?? this.#connectElsewhere(address, port);
  }

  /** As {@link connect}, but waits first for processes that are on their way. */
  async reach(address: string, port: number): Promise<Listener> {
    const listener = this.find(address, port);
    if (listener !== undefined) return listener;
    await arrivalsOf(this.#wires);
    // An address that nobody has is a Service's, and so may be a high port of a machine.
    if (!this.reaches(address) || port >= FIRST_NODE_PORT) {
      for (const forward of this.#forwardsFor(address)) await forward.ready();
    }
    return this.connect(address, port);
  }

  /** Sends a request; rejects with a ConnectionError if nothing listens. Asks for no certificate. */
  async request(address: string, port: number, request: HttpRequest): Promise<HttpResponse> {
    return (await this.reach(address, port)).handler(request);
  }

  /** Calls `changed` once when somebody else listens there, or nobody; returns a function that takes it back. */
  onceListenerChanged(address: string, port: number, changed: () => void): () => void {
    const key = `${this.#host(address)}:${port}`;
    const { watchers } = this.#wires;
    const own = watchers.get(key) ?? new Set();
    watchers.set(key, own.add(changed));
    return () => {
      own.delete(changed);
      if (own.size === 0 && watchers.get(key) === own) watchers.delete(key);
    };
  }

  /** Nobody listens at the address itself. */
  #connectElsewhere(address: string, port: number): Listener {
    const target = this.#forwardTo(address, port);
    if (target === 'reject') throw refused(address, port);
    return this.#dial(target?.address ?? address, target?.port ?? port, address, port);
  }

  /** This machine's own rules come first, then those of the machine that has the address. */
  #forwardTo(address: string, port: number): ReturnType<Forward['target']> {
    for (const forward of this.#forwardsFor(address)) {
      const target = forward.target(address, port);
      if (target !== undefined) return target;
    }
    return undefined;
  }

  #forwardsFor(address: string): readonly Forward[] {
    const { forwards } = this.#wires;
    const [own, other] = [forwards.get(this.#address), forwards.get(address)];
    return [...(own === undefined ? [] : [own]), ...(other === undefined || other === own ? [] : [other])];
  }

  #dial(address: string, port: number, shownAddress: string, shownPort: number): Listener {
    const listener = this.find(address, port);
    if (listener !== undefined) return listener;
    if (this.reaches(address)) throw refused(shownAddress, shownPort);
    throw new ConnectionError('timeout', `dial tcp ${shownAddress}:${shownPort}: connect: no route to host`);
  }

  #set(host: string, port: number, listener: Listener | undefined): void {
    const { listeners, watchers } = this.#wires;
    const own = listeners.get(host) ?? new Map<number, Listener>();
    if (listener === undefined) own.delete(port);
    else own.set(port, listener);
    if (own.size > 0) listeners.set(host, own);
    else listeners.delete(host);
    const key = `${host}:${port}`;
    const waiting = watchers.get(key);
    if (waiting === undefined) return;
    watchers.delete(key);
    for (const changed of waiting) changed();
  }

  #isOwn(address: string): boolean {
    return address === this.#address || address === 'localhost' || address.startsWith('127.');
  }

  #host(address: string): string {
    return address === 'localhost' || address === LOOPBACK ? `${this.#hostname}/${LOOPBACK}` : address;
  }
}

function arrivalsOf({ arriving }: Wires): Promise<unknown> | undefined {
  return arriving.size === 0 ? undefined : Promise.allSettled(arriving);
}

function refused(address: string, port: number): ConnectionError {
  return new ConnectionError('refused', `dial tcp ${address}:${port}: connect: connection refused`);
}
