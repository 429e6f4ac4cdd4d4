/** Flags of a command: "" for a truth value, "value" for one with a value, by name. */
export type FlagTable = Readonly<Record<string, { readonly shorthand?: string; readonly value: boolean }>>;

export interface ParsedFlags {
  readonly args: readonly string[];
  has(name: string): boolean;
  /** The value given last; "" without one. */
  text(name: string): string;
  number(name: string): number;
}

/** A mistake in the arguments, with etcdctl's exit code. */
export class UsageError extends Error {
  readonly exit: number;

  constructor(message: string, exit = 128) {
    super(message);
    this.exit = exit;
  }
}

/** Reads flags as pflag does. Throws a {@link UsageError} for one that the command lacks. */
export function parseFlags(words: readonly string[], table: FlagTable): ParsedFlags {
  const values = new Map<string, string>();
  const args: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--') {
      args.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const given = word.slice(word.startsWith('--') ? 2 : 1, equals < 0 ? undefined : equals);
    const name = word.startsWith('--')
      ? given
      : (Object.keys(table).find((key) => table[key]!.shorthand === given) ?? given);
    const flag = Object.hasOwn(table, name) ? table[name] : undefined;
    if (flag === undefined) {
      throw new UsageError(
        word.startsWith('--')
          ? `unknown flag: --${name}`
          : `unknown shorthand flag: '${given[0]}' in ${word}`,
        1,
      );
    }
    let value = equals < 0 ? undefined : word.slice(equals + 1);
    if (flag.value && value === undefined) {
      value = words[++index];
      if (value === undefined) throw new UsageError(`flag needs an argument: ${word}`, 1);
    }
    values.set(name, value ?? 'true');
  }
  return {
    args,
    has: (name) => values.has(name) && values.get(name) !== 'false',
    text: (name) => values.get(name) ?? '',
    number: (name) => Number(values.get(name) ?? '0'),
  };
}
