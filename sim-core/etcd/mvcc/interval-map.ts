import { BTree, compareKeys } from '../btree.ts';

interface Interval<T> {
  readonly begin: string;
  readonly end: string;
  readonly value: T;
}

interface Segment<T> {
  /** How many intervals begin or end here; the segment is merged into the one before it at 0. */
  bounds: number;
  readonly covers: Set<Interval<T>>;
}

/**
 * Values by half-open interval of keys, asked by key. `end` "" means without end.
 *
 * The bounds of all intervals cut the keys into segments, each with the intervals that cover it.
 * Intervals [a, e), [b, c) and [b, "") give
 *
 *     a          b                    c                e
 *     {[a,e)}    {[a,e),[b,c),[b,)}   {[a,e),[b,)}     {[b,)}
 *
 * so asking costs one descent, however many intervals there are, and adding one costs the segments
 * that it covers. Does the work of pkg/adt IntervalTree, which stabs by key as well.
 */
export class IntervalMap<T> {
  readonly #segments = new BTree<string, Segment<T>>(undefined, compareKeys);
  readonly #intervals = new Map<string, Map<string, Interval<T>>>();

  /** The value of exactly this interval. */
  get(begin: string, end: string): T | undefined {
    return this.#intervals.get(begin)?.get(end)?.value;
  }

  /** Adds an interval that is not there yet and is not empty. */
  set(begin: string, end: string, value: T): void {
    if (this.get(begin, end) !== undefined || (end !== '' && end <= begin)) {
      throw new Error(
        `interval [${JSON.stringify(begin)}, ${JSON.stringify(end)}) is empty or there already`,
      );
    }
    const interval = { begin, end, value };
    const ends = this.#intervals.get(begin);
    if (ends === undefined) this.#intervals.set(begin, new Map([[end, interval]]));
    else ends.set(end, interval);
    this.#cut(begin);
    if (end !== '') this.#cut(end);
    this.#visit(begin, end, (segment) => segment.covers.add(interval));
  }

  /** Takes an interval away; does nothing if it is not there. */
  delete(begin: string, end: string): void {
    const ends = this.#intervals.get(begin);
    const interval = ends?.get(end);
    if (ends === undefined || interval === undefined) return;
    ends.delete(end);
    if (ends.size === 0) this.#intervals.delete(begin);
    this.#visit(begin, end, (segment) => segment.covers.delete(interval));
    this.#join(begin);
    if (end !== '') this.#join(end);
  }

  /** Calls `visitor` with the value of every interval that contains the key. */
  stab(key: string, visitor: (value: T) => void): void {
    const found = this.#segments.getPairOrNextLower(key);
    if (found === undefined) return;
    for (const interval of found[1].covers) visitor(interval.value);
  }

  #cut(bound: string): void {
    const found = this.#segments.getPairOrNextLower(bound);
    if (found !== undefined && found[0] === bound) found[1].bounds++;
    else this.#segments.set(bound, { bounds: 1, covers: new Set(found?.[1].covers) });
  }

  #join(bound: string): void {
    const segment = this.#segments.get(bound)!;
    if (--segment.bounds === 0) this.#segments.delete(bound);
  }

  #visit(begin: string, end: string, visitor: (segment: Segment<T>) => void): void {
    const last = end === '' ? this.#segments.maxKey()! : end;
    this.#segments.forRange(begin, last, end === '', (_bound, segment) => visitor(segment));
  }
}
