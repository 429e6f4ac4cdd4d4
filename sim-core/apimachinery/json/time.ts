/** A text that is no time; the message is Go's. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

/** Go's layouts: parts that stand for something, and the signs between them. */
const LAYOUTS = {
  second: '2006-01-02T15:04:05Z07:00',
  microsecond: '2006-01-02T15:04:05.000000Z07:00',
} as const;

/** Times of the first 28 days of a month as they are printed: what programs send, nearly always. */
const CANONICAL = {
  second: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
  microsecond: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/,
} as const;

/** Digits of each part, with its bounds and Go's name for a value outside of them. */
const PARTS: readonly (readonly [layout: string, sign: string, low: number, high: number, name: string])[] = [
  ['2006', '', 0, 9999, 'year'],
  ['01', '-', 1, 12, 'month'],
  ['02', '-', 1, 31, 'day'],
  ['15', 'T', 0, 23, 'hour'],
  ['04', ':', 0, 59, 'minute'],
  ['05', ':', 0, 59, 'second'],
];

/**
 * Reads RFC 3339 and prints it as metav1.Time ("2026-11-23T17:01:13Z") or metav1.MicroTime
 * ("…:13.000000Z") do: in UTC, cut to its precision. Throws a TimeError. Models time.Parse.
 */
export function normalizeTime(text: string, precision: keyof typeof LAYOUTS): string {
  if (CANONICAL[precision].test(text)) return text;
  const layout = LAYOUTS[precision];
  const cannotParse = (rest: string, part: string) =>
    new TimeError(
      `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(part)}`,
    );
  let rest = text;
  const numbers: number[] = [];
  let outside = '';
  for (const [part, sign, low, high, name] of PARTS) {
    if (!rest.startsWith(sign)) throw cannotParse(rest, sign);
    rest = rest.slice(sign.length);
    const digits = rest.slice(0, part.length);
    if (!/^\d+$/.test(digits) || digits.length < part.length) throw cannotParse(rest, part);
    rest = rest.slice(part.length);
    const value = Number(digits);
    if ((value < low || value > high) && outside === '') outside = name;
    numbers.push(value);
  }
  const fraction = /^[.,]\d+/.exec(rest)?.[0] ?? '';
  if (precision === 'microsecond' && !/^\.\d{6}(?!\d)/.test(rest)) {
    throw cannotParse(rest, '.000000');
  }
  rest = rest.slice(fraction.length);
  const zone = /^(?:Z|([+-])(\d\d):(\d\d))/.exec(rest);
  if (zone === null) throw cannotParse(rest, 'Z07:00');
  rest = rest.slice(zone[0].length);
  if (rest !== '') throw new TimeError(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  const [year, month, day, hour, minute, second] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (outside === '' && day > daysInMonth) outside = 'day';
  if (outside !== '') throw new TimeError(`parsing time ${quote(text)}: ${outside} out of range`);

  const offset = zone[1] === undefined ? 0 : Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3]));
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  instant.setUTCHours(hour, minute - offset, second);
  const iso = instant.toISOString().replace(/\.\d{3}Z$/, '');
  return precision === 'second' ? `${iso}Z` : `${iso}${fraction.replace(',', '.')}Z`;
}

/** Quotes a text as Go's package time does: what is not ASCII as its bytes. */
function quote(text: string): string {
  const escaped = [...text].map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character >= ' ' && character < '\u0080') return character;
    return encodeURIComponent(character).replaceAll('%', '\\x').toLowerCase();
  });
  return `"${escaped.join('')}"`;
}
