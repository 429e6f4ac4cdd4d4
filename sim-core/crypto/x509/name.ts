import { DerReader } from '../asn1/decode.ts';
import { oid, sequence, setOf, text } from '../asn1/encode.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';

/** Attributes of a distinguished name by OID, as Go and OpenSSL abbreviate them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.6': 'C',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.17': 'POSTALCODE',
};
const ORGANIZATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';

/** A distinguished name. Models crypto/x509/pkix Name. */
export class Name {
  /** In the order of the certificate; each inner list is a set of attributes that stand together. */
  readonly rdns: readonly (readonly { readonly type: string; readonly value: string }[])[];
  /** The last one; "" for none. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  #der: Uint8Array | undefined;

  constructor(rdns: Name['rdns'], der?: Uint8Array) {
    this.rdns = rdns;
    this.#der = der;
    const values = (type: string) => rdns.flat().filter((attribute) => attribute.type === type);
    this.commonName = values(COMMON_NAME).at(-1)?.value ?? '';
    this.organizations = values(ORGANIZATION).map(({ value }) => value);
  }

  /** Organizations first, together, and the common name: as Go writes what kubeadm asks for. */
  static of({
    commonName = '',
    organizations = [],
  }: {
    commonName?: string;
    organizations?: readonly string[];
  }): Name {
    return new Name([
      ...(organizations.length > 0 ? [organizations.map((value) => ({ type: ORGANIZATION, value }))] : []),
      ...(commonName === '' ? [] : [[{ type: COMMON_NAME, value: commonName }]]),
    ]);
  }

  /** Reads the name that comes next; throws a DerError. */
  static read(reader: DerReader): Name {
    const element = reader.next();
    const rdns = new DerReader(element.content).each((sets) =>
      new DerReader(sets.next().content).each((set) => {
        const attribute = set.sequence();
        return { type: attribute.oid(), value: decodeUtf8(attribute.next().content) };
      }),
    );
    return new Name(rdns, element.der);
  }

  get der(): Uint8Array {
    return (this.#der ??= sequence(
      ...this.rdns.map((set) => setOf(...set.map(({ type, value }) => sequence(oid(type), text(value))))),
    ));
  }

  /** "CN=kubernetes-admin,O=system:masters": the last attribute first. Models RDNSequence.String. */
  toString(): string {
    return [...this.rdns]
      .reverse()
      .map((set) => set.map(({ type, value }) => `${ATTRIBUTES[type] ?? type}=${escaped(value)}`).join('+'))
      .join(',');
  }
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
}
