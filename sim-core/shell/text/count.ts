/** How much of a file is meant: "5", "-5", "+5". */
export interface Count {
  readonly sign: '' | '-' | '+';
  readonly number: number;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 512,
  k: 1024,
  kB: 1000,
  K: 1024,
  KB: 1000,
  KiB: 1024,
};
const LARGE: Readonly<Record<string, number>> = { M: 2, MB: 2, MiB: 2, G: 3, GB: 3, GiB: 3 };

/** The number of `-n` and `-c`, with its unit; undefined if it is none. */
export function withUnit(text: string): Count | undefined {
  const match = /^([+-]?)(\d+)([a-zA-Z]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits, unit = ''] = match;
  const power = LARGE[unit];
  const factor =
    UNITS[unit] ??
    (power === undefined ? undefined : (unit.endsWith('B') && unit.length === 2 ? 1000 : 1024) ** power);
  return factor === undefined ? undefined : { sign: sign as Count['sign'], number: Number(digits) * factor };
}

/** The old way to give a number, "-20" for "-n20", made new; `fromStart`: also "+3", where it is the first word. */
export function numbered(args: readonly string[], fromStart: boolean): string[] {
  return args.map((argument, index) => {
    // The value of an option before it is no such number.
    if (index > 0 && /^-[a-zA-Z]*[nc]$|^--(?:lines|bytes)$/.test(args[index - 1]!)) return argument;
    if (fromStart && index === 0 && /^\+\d+$/.test(argument)) return `-n${argument}`;
    return argument.replace(
      /^-(\d+)([cl]?)$/,
      (_, digits: string, unit: string) => `-${unit === 'c' ? 'c' : 'n'}${digits}`,
    );
  });
}
