/** Which addresses are given out. */
export interface SavedPodNetwork {
  readonly cidr?: string;
  readonly byOwner: readonly (readonly [owner: string, host: number])[];
  readonly last: number;
}

/** How the pods of a machine get their addresses: the first free one of the machine's range. Models the CNI plugin host-local. */
export class PodNetwork {
  #cidr: string | undefined;
  #base: number | undefined;
  #size = 0;
  readonly #byOwner: Map<string, number>;
  #last: number;

  /** Begins with the addresses of a network that was saved, if there is one. */
  constructor(saved: SavedPodNetwork = { byOwner: [], last: 1 }) {
    this.#byOwner = new Map(saved.byOwner);
    this.#last = saved.last;
    if (saved.cidr !== undefined) this.assign(saved.cidr);
  }

  save(): SavedPodNetwork {
    return {
      ...(this.#cidr !== undefined && { cidr: this.#cidr }),
      byOwner: [...this.#byOwner],
      last: this.#last,
    };
  }

  /** False until the machine has a range. */
  get ready(): boolean {
    return this.#base !== undefined;
  }

  /** Takes a range such as "192.168.1.0/24"; a range that is there stays. */
  assign(cidr: string): void {
    if (this.#base !== undefined) return;
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
    if (match === null) throw new Error(`pod CIDR ${JSON.stringify(cidr)} is not an IPv4 range`);
    const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
    this.#cidr = cidr;
    this.#base = ((a * 256 + b) * 256 + c) * 256 + d;
    this.#size = 2 ** (32 - bits);
  }

  /** An address for `owner`; addresses go round, so that one that was given back is not used at once. */
  allocate(owner: string): string {
    const base = this.#base;
    if (base === undefined) throw new Error(`no pod network for sandbox ${owner}`);
    const used = new Set(this.#byOwner.values());
    for (let tries = 0; tries < this.#size; tries++) {
      this.#last = this.#last + 1 >= this.#size - 1 ? 2 : this.#last + 1;
      if (used.has(this.#last)) continue;
      this.#byOwner.set(owner, this.#last);
      return addressText(base + this.#last);
    }
    throw new Error(`no addresses available in range set: ${addressText(base + 1)}`);
  }

  release(owner: string): void {
    this.#byOwner.delete(owner);
  }
}

function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
