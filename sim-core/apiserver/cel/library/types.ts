import type { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { CIDR, IPAddress } from '../../util/net.ts';

// cel-js knows a value's type by its class: each type of the libraries is one.

export class CelQuantity {
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

export class CelIP {
  readonly address: IPAddress;
  constructor(address: IPAddress) {
    this.address = address;
  }
}

export class CelCIDR {
  readonly cidr: CIDR;
  constructor(cidr: CIDR) {
    this.cidr = cidr;
  }
}

/** An absolute URL or an absolute path, taken apart. */
export class CelURL {
  readonly scheme: string;
  /** Host and port: "example.com:80". */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, host: string, path: string, query: string) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }
}

export class CelSemver {
  readonly core: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
  constructor(core: readonly [bigint, bigint, bigint], pre: readonly string[]) {
    this.core = core;
    this.pre = pre;
  }
}

/** A named check of texts: format.dns1123Label(). */
export class CelFormat {
  readonly check: (text: string) => readonly string[];
  constructor(check: (text: string) => readonly string[]) {
    this.check = check;
  }
}
