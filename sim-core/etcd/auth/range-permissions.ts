import { byteOrdered } from '../clientv3/bytes.ts';
import type { KeyRange } from '../clientv3/client.ts';

/** An interval of keys in the order of bytes; `end` undefined: without end. */
interface Interval {
  readonly begin: string;
  readonly end: string | undefined;
}

/**
 * The keys that several ranges cover together, as intervals that neither touch nor overlap:
 * [a, c), [b, d) and [d, e) are [a, e). So what is asked for is covered if one interval covers it.
 * Models server/auth/range_perm_cache.go unifiedRangePermissions.
 */
export class RangePermissions {
  readonly #intervals: Interval[] = [];

  constructor(ranges: Iterable<KeyRange>) {
    const sorted = Array.from(ranges, intervalOf).sort((a, b) => (a.begin < b.begin ? -1 : 1));
    for (const interval of sorted) {
      const last = this.#intervals.at(-1);
      if (last === undefined || (last.end !== undefined && last.end < interval.begin)) {
        this.#intervals.push(interval);
      } else if (last.end !== undefined && (interval.end === undefined || interval.end > last.end)) {
        this.#intervals[this.#intervals.length - 1] = { begin: last.begin, end: interval.end };
      }
    }
  }

  /** True if every key of the range is covered. */
  cover(range: KeyRange): boolean {
    const { begin, end } = intervalOf(range);
    return this.#intervals.some(
      (interval) =>
        interval.begin <= begin && (interval.end === undefined || (end !== undefined && end <= interval.end)),
    );
  }
}

function intervalOf({ key, rangeEnd }: KeyRange): Interval {
  const begin = byteOrdered(key);
  if (rangeEnd === undefined || rangeEnd === '') return { begin, end: `${begin}\0` };
  return { begin, end: rangeEnd === '\0' ? undefined : byteOrdered(rangeEnd) };
}

/** Models range_perm_cache.go isValidPermissionRange. */
export function isValidPermissionRange({ key, rangeEnd }: KeyRange): boolean {
  if (key === '') return false;
  if (rangeEnd === undefined || rangeEnd === '' || rangeEnd === '\0') return true;
  return byteOrdered(key) < byteOrdered(rangeEnd);
}
