import { goQuote } from '../../apimachinery/go-format.ts';
import { DurationError, parseGoDuration } from '../../apimachinery/duration.ts';
import {
  booleanComplaint,
  parseGoBool,
  signedComplaint,
  unsignedComplaint,
} from '../../apimachinery/go-numbers.ts';

/** A flag as pflag has it. */
export interface Flag {
  readonly name: string;
  readonly shorthand?: string;
  readonly type: 'bool' | 'int' | 'uint' | 'string' | 'duration' | 'stringSlice';
  /** As text: "false", "5s"; of a list without its brackets. */
  readonly default: string;
  readonly usage: string;
  /** The command is refused without it. */
  readonly required?: boolean;
}

/** A mistake in the flags; cobra prints it with the usage. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
}

/** `-h` or `--help` was among the words. */
export class HelpRequested extends Error {}

/** The values of a command's flags. Asking for a name that is not among them is a programming mistake. */
export class Flags {
  readonly #definitions: ReadonlyMap<string, Flag>;
  readonly #values = new Map<string, string>();

  constructor(definitions: readonly Flag[]) {
    this.#definitions = new Map(definitions.map((flag) => [flag.name, flag]));
  }

  /** True if it was given. */
  changed(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string {
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new Error(`no flag is called ${JSON.stringify(name)}`);
    return this.#values.get(name) ?? definition.default;
  }

  bool(name: string): boolean {
    return this.text(name) === 'true';
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  /** Milliseconds. */
  duration(name: string): number {
    return parseGoDuration(this.text(name));
  }

  list(name: string): string[] {
    const text = this.text(name);
    return text === '' ? [] : text.split(',').map((part) => part.trim());
  }

  /** Throws a {@link FlagError} for a text that the flag's type does not take. */
  set(flag: Flag, value: string): void {
    const shown = flag.shorthand === undefined ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`;
    const invalid = (detail: string) =>
      new FlagError(`invalid argument ${goQuote(value)} for "${shown}" flag: ${detail}`);
    switch (flag.type) {
      case 'bool': {
        const complaint = booleanComplaint(value);
        if (complaint !== undefined) throw invalid(complaint);
        this.#values.set(flag.name, String(parseGoBool(value)));
        return;
      }
      case 'int':
      case 'uint': {
        const complaint = flag.type === 'int' ? signedComplaint(value) : unsignedComplaint(value);
        if (complaint !== undefined) throw invalid(complaint);
        break;
      }
      case 'duration':
        try {
          parseGoDuration(value);
        } catch (error) {
          if (error instanceof DurationError) throw invalid(error.message);
          throw error;
        }
        break;
      case 'stringSlice': {
        const before = this.#values.get(flag.name);
        this.#values.set(flag.name, before === undefined ? value : `${before},${value}`);
        return;
      }
      case 'string':
        break;
    }
    this.#values.set(flag.name, value);
  }
}

/** Takes the flags out of `words`. Models pflag FlagSet.Parse. */
export function parseFlags(
  words: readonly string[],
  definitions: readonly Flag[],
): { readonly args: readonly string[]; readonly flags: Flags } {
  const flags = new Flags(definitions);
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
    const long = word.startsWith('--');
    const [, name = '', given] = /^-{1,2}([^=]*)(?:=(.*))?$/s.exec(word)!;
    const flag = definitions.find((one) => (long ? one.name === name : one.shorthand === name[0]));
    if (flag === undefined) {
      if (name === 'help' || (!long && name[0] === 'h')) throw new HelpRequested();
      throw new FlagError(
        long ? `unknown flag: --${name}` : `unknown shorthand flag: '${name[0]}' in ${word}`,
      );
    }
    // "-wjson" is "-w json", "-iw json" is "-i -w json".
    const joined = long ? '' : name.slice(1);
    let value = joined !== '' && flag.type !== 'bool' ? joined : given;
    if (value === undefined && flag.type === 'bool') value = 'true';
    if (value === undefined) {
      value = words[++index];
      if (value === undefined)
        throw new FlagError(`flag needs an argument: ${long ? word : `'${name[0]}' in ${word}`}`);
    }
    flags.set(flag, value);
    if (joined !== '' && flag.type === 'bool') {
      const rest = parseFlags([`-${joined}`, ...words.slice(index + 1)], definitions);
      return { args: [...args, ...rest.args], flags: merged(flags, rest.flags, definitions) };
    }
  }
  return { args, flags };
}

function merged(first: Flags, second: Flags, definitions: readonly Flag[]): Flags {
  for (const flag of definitions) if (second.changed(flag.name)) first.set(flag, second.text(flag.name));
  return first;
}
