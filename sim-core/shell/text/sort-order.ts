const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const UNITS = 'KMGTPEZYRQ';

/** By the bytes of UTF-8, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    // Halves of a pair stand for what is above all that is no pair.
    const isPair = (code: number) => code >= 0xd800 && code <= 0xdfff;
    return isPair(left) === isPair(right) ? left - right : isPair(left) ? 1 : -1;
  }
  return a.length - b.length;
}

/** -n: the number at the beginning, blanks before it left out; none is 0. */
export function compareNumbers(a: string, b: string): number {
  return numberOf(a) - numberOf(b);
}

/** -g: as strtod reads it; what is no number comes first, then NaN. */
export function compareGeneral(a: string, b: string): number {
  const rank = (text: string): number => {
    const match = /^[ \t]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?)/i.exec(text);
    if (match === null) return -Infinity;
    return /inf/i.test(match[1]!)
      ? match[1]!.startsWith('-')
        ? -Number.MAX_VALUE
        : Infinity
      : Number(match[1]);
  };
  const [left, right] = [rank(a), rank(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** -h: "2K" before "1G"; the unit decides, whatever the number is. */
export function compareHuman(a: string, b: string): number {
  const rank = (text: string): readonly [unit: number, value: number] => {
    const match = /^[ \t]*(-?\d*(?:\.\d+)?)([kKMGTPEZYRQ]?)/.exec(text)!;
    const value = Number(match[1]) || 0;
    const unit = value === 0 ? 0 : UNITS.indexOf((match[2] ?? '').toUpperCase() || '-') + 1;
    return [value < 0 ? -unit : unit, value];
  };
  const [left, right] = [rank(a), rank(b)];
  return left[0] - right[0] || left[1] - right[1];
}

/** -M: what is no month comes first. */
export function compareMonths(a: string, b: string): number {
  const month = (text: string) => MONTHS.indexOf(text.trimStart().slice(0, 3).toUpperCase());
  return month(a) - month(b);
}

function numberOf(text: string): number {
  const match = /^[ \t]*(-?\d*(?:\.\d*)?)/.exec(text)!;
  return Number(match[1]) || 0;
}
