import { formatModification } from './revision.ts';
import type { Modification } from './revision.ts';

/** CRC-32C (Castagnoli), reflected. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** A running CRC-32C over the UTF-16 units of texts, low byte first. */
export class Crc32c {
  #crc = 0xffffffff;

  write(text: string): void {
    let crc = this.#crc;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      crc = (crc >>> 8) ^ TABLE[(crc ^ unit) & 0xff]!;
      crc = (crc >>> 8) ^ TABLE[(crc ^ (unit >>> 8)) & 0xff]!;
    }
    this.#crc = crc;
  }

  /** The checksum of all that was written, an unsigned 32-bit number. */
  sum(): number {
    return (this.#crc ^ 0xffffffff) >>> 0;
  }
}

/**
 * The hash of the changes up to `revision`: of those at or before `compactRevision` only the ones in
 * `keep` count, so that members agree whether or not one has compacted already.
 * Models server/storage/mvcc/hash.go unsafeHashByRev; the bytes hashed are ours.
 */
export function hashChanges(
  changes: readonly Modification[],
  revision: number,
  compactRevision: number,
  keep: ReadonlySet<Modification>,
): number {
  const crc = new Crc32c();
  for (const change of changes) {
    if (change.kv.modRevision > revision) break;
    if (change.kv.modRevision <= compactRevision && keep.size > 0 && !keep.has(change)) continue;
    const { key, value, createRevision, version, lease } = change.kv;
    crc.write(`${formatModification(change)}\n${createRevision}\n${version}\n${lease}\n${key}\n`);
    crc.write(value);
  }
  return crc.sum();
}
