/** All of `parts`, one after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The unsigned number that `bytes` hold, most significant first. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`);
}

/** `value` in `length` bytes, or in as many as it needs; most significant first. */
export function fromBigInt(value: bigint, length?: number): Uint8Array {
  const digits = value.toString(16);
  const size = length ?? Math.ceil(digits.length / 2);
  const padded = digits.padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, index) =>
    parseInt(padded.slice(index * 2, index * 2 + 2), 16),
  );
}
