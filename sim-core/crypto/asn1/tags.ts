/** Identifier octets of DER, as far as keys, certificates and requests use them. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A context-specific tag: "[0]" of a structure. */
export const context = (number: number, { constructed }: { readonly constructed: boolean }): number =>
  0x80 | (constructed ? 0x20 : 0) | number;
