/** An option of a command: "a" is short for "all". */
export interface Option {
  readonly short?: string;
  readonly value?: boolean;
}

export interface Parsed {
  has(name: string): boolean;
  text(name: string): string;
  list(name: string): readonly string[];
  readonly operands: readonly string[];
}

/** What is wrong with the options; `message` is that of urfave/cli. */
export class OptionProblem extends Error {}

/** Options stand before the operands. Throws an {@link OptionProblem}. Models github.com/urfave/cli. */
export function parseOptions(args: readonly string[], options: Readonly<Record<string, Option>>): Parsed {
  const values = new Map<string, string[]>();
  const find = (name: string) =>
    Object.entries(options).find(([long, { short }]) => long === name || short === name);
  const add = (name: string, value: string) => values.set(name, [...(values.get(name) ?? []), value]);
  const rest = [...args];
  while (/^-./.test(rest[0] ?? '')) {
    const word = rest.shift()!;
    if (word === '--') break;
    const [, dashes = '', name = '', given] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word)!;
    const found = find(name);
    if (found !== undefined) {
      const [long, { value = false }] = found;
      if (!value) add(long, given ?? 'true');
      else {
        const text = given ?? rest.shift();
        if (text === undefined) throw new OptionProblem(`flag needs an argument: ${dashes}${name}`);
        add(long, text);
      }
      continue;
    }
    // "-aq" is "-a -q".
    const letters = dashes === '-' && given === undefined ? [...name].map(find) : [];
    if (letters.length === 0 || letters.some((letter) => letter === undefined || letter[1].value === true))
      throw new OptionProblem(`flag provided but not defined: -${name}`);
    for (const letter of letters) add(letter![0], 'true');
  }
  return {
    has: (name) => values.get(name)?.at(-1) === 'true',
    text: (name) => values.get(name)?.at(-1) ?? '',
    list: (name) => values.get(name) ?? [],
    operands: rest,
  };
}
