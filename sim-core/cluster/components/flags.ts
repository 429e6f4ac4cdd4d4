/** A program's flags by name, as they stand on its command line; the last of several wins. */
export class Flags {
  readonly #values: ReadonlyMap<string, string>;

  /** Words that belong to no flag, and those with a single dash. */
  readonly operands: readonly string[];
  readonly shorthands: readonly string[];

  constructor(
    values: ReadonlyMap<string, string>,
    operands: readonly string[],
    shorthands: readonly string[],
  ) {
    this.#values = values;
    this.operands = operands;
    this.shorthands = shorthands;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value, or `fallback`. */
  get(name: string, fallback = ''): string {
    return this.#values.get(name) ?? fallback;
  }

  /** True for "--name" and "--name=true". */
  bool(name: string, fallback: boolean): boolean {
    const value = this.#values.get(name);
    return value === undefined ? fallback : value === 'true';
  }

  /** Values between commas. */
  list(name: string): string[] {
    return this.get(name)
      .split(',')
      .filter((value) => value !== '');
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

/**
 * Takes "--name=value", "--name value" and "--name" apart; quotes of a unit file go away. A flag that takes a
 * truth value must be given it with "=".
 */
export function parseFlags(argv: readonly string[]): Flags {
  const values = new Map<string, string>();
  const operands: string[] = [];
  const shorthands: string[] = [];
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index]!;
    if (!word.startsWith('--')) {
      (/^-\D/.test(word) ? shorthands : operands).push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const next = argv[index + 1];
    if (equals >= 0) values.set(word.slice(2, equals), unquote(word.slice(equals + 1)));
    else if (next !== undefined && !next.startsWith('-')) {
      values.set(word.slice(2), unquote(next));
      index++;
    } else values.set(word.slice(2), 'true');
  }
  return new Flags(values, operands, shorthands);
}

function unquote(value: string): string {
  return /^'.*'$/.test(value) || /^".*"$/.test(value) ? value.slice(1, -1) : value;
}
