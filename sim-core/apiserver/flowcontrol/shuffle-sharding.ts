/**
 * Deals `handSize` different cards of a deck of `deckSize`, the same for the same hash: flows that share
 * one queue hardly ever share all of theirs. For example 3 of 8 by 1000: 1000 % 8 = 0 and 125 are left,
 * 125 % 7 = 6 and 17 are left, 17 % 6 = 5; the second and third are counted among the cards that are left.
 *
 * Models util/shufflesharding/dealer.go.
 */
export function deal(hash: number, deckSize: number, handSize: number): number[] {
  const hand: number[] = [];
  let rest = hash;
  for (let dealt = 0; dealt < Math.min(handSize, deckSize); dealt++) {
    let card = rest % (deckSize - dealt);
    rest = Math.floor(rest / (deckSize - dealt));
    for (const taken of [...hand].sort((a, b) => a - b)) if (card >= taken) card++;
    hand.push(card);
  }
  return hand;
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
/** Whole numbers up to here are exact. */
const BITS = 53;

/** A hash of a text for {@link deal}: FNV-1a, its lowest 53 bits. */
export function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * FNV_PRIME);
  }
  return Number(BigInt.asUintN(BITS, hash));
}
