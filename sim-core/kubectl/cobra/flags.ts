import { DurationError, parseGoDuration } from '../../apimachinery/duration.ts';
import { booleanComplaint, parseGoBool, signedComplaint } from '../../apimachinery/go-numbers.ts';

/** A command-line flag. Models github.com/spf13/pflag Flag. */
export interface Flag {
  readonly name: string;
  readonly shorthand?: string;
  readonly type:
    | 'string'
    | 'bool'
    | 'int'
    | 'int32'
    | 'modules'
    | 'duration'
    | 'stringArray'
    | 'stringSlice'
    | 'map'
    | 'mapStringString';
  /** As text: "false", "0s", "". */
  readonly default?: string;
  /** What the flag becomes when it is given without a value; booleans: "true". */
  readonly noOptionDefault?: string;
  /** The cobra error if the flag is missing. */
  readonly required?: boolean;
  /** Not shown in help. */
  readonly hidden?: boolean;
  /** What to use in its place; not shown in help, and said when it is used. */
  readonly deprecated?: string;
}

/** A mistake in flags or arguments; kubectl prints it as "error: …". */
export class FlagError extends Error {}

/** The values of a command's flags after parsing. Unknown names are programming mistakes. */
export class FlagSet {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #values = new Map<string, string[]>();

  constructor(flags: readonly Flag[]) {
    this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
  }

  /** The flags that were given although they are deprecated. */
  get deprecated(): Flag[] {
    return [...this.#values.keys()].map((name) => this.#flag(name)).filter((flag) => flag.deprecated);
  }

  /** Names and values as they were given. */
  get given(): readonly (readonly [name: string, value: string])[] {
    return [...this.#values].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  }

  get flags(): Iterable<Flag> {
    return this.#flags.values();
  }

  has(name: string): boolean {
    return this.#flags.has(name);
  }

  /** True if the flag was given on the command line. */
  changed(name: string): boolean {
    return this.#values.has(name);
  }

  string(name: string): string {
    return this.#values.get(name)?.at(-1) ?? this.#flag(name).default ?? '';
  }

  bool(name: string): boolean {
    return this.string(name) === 'true';
  }

  number(name: string): number {
    return Number(this.string(name) || '0');
  }

  /** Milliseconds. */
  duration(name: string): number {
    return parseGoDuration(this.string(name) || '0s');
  }

  list(name: string): readonly string[] {
    const { default: fallback } = this.#flag(name);
    return this.#values.get(name) ?? (fallback ? [fallback] : []);
  }

  /** The same values under other definitions; those named in `except` are left out. */
  view(flags: readonly Flag[], except: ReadonlySet<string>): FlagSet {
    const view = new FlagSet(flags);
    for (const [name, values] of this.#values) if (!except.has(name)) view.#values.set(name, values);
    return view;
  }

  /** The same values as if flag `name` had not been given. */
  without(name: string): FlagSet {
    return this.view([...this.#flags.values()], new Set([name]));
  }

  /** The same values, flag `name` given as `value`. */
  with(name: string, value: string): FlagSet {
    const copy = this.without(name);
    copy.#values.set(name, [value]);
    return copy;
  }

  set(flag: Flag, text: string, shown: string): void {
    const invalid = (detail: string) =>
      new FlagError(`invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${detail}`);
    switch (flag.type) {
      case 'bool': {
        const complaint = booleanComplaint(text);
        if (complaint !== undefined) throw invalid(complaint);
        this.#values.set(flag.name, [String(parseGoBool(text))]);
        return;
      }
      case 'int':
      case 'int32': {
        const complaint = signedComplaint(text, flag.type === 'int32' ? 32 : 64);
        if (complaint !== undefined) throw invalid(complaint);
        break;
      }
      case 'duration':
        try {
          parseGoDuration(text);
        } catch (error) {
          if (error instanceof DurationError) throw invalid(error.message);
          throw error;
        }
        break;
      case 'map':
      case 'mapStringString':
        for (const pair of text.split(',')) {
          if (pair.includes('=')) continue;
          // pflag's own type, and that of component-base.
          throw invalid(
            flag.type === 'map'
              ? `${pair} must be formatted as key=value`
              : 'malformed pair, expect string=string',
          );
        }
        this.#values.set(flag.name, [...(this.#values.get(flag.name) ?? []), ...text.split(',')]);
        return;
      case 'modules':
        // Models klog's moduleSpec.
        if (text !== '' && !text.split(',').every((pair) => /^[^=]+=\d+$/.test(pair)))
          throw invalid('syntax error: expect comma-separated list of filename=N');
        break;
      case 'stringArray':
        this.#values.set(flag.name, [...(this.#values.get(flag.name) ?? []), text]);
        return;
      case 'stringSlice':
        this.#values.set(flag.name, [...(this.#values.get(flag.name) ?? []), ...splitSlice(text)]);
        return;
      case 'string':
        break;
    }
    this.#values.set(flag.name, [text]);
  }

  #flag(name: string): Flag {
    const flag = this.#flags.get(name);
    if (flag === undefined) throw new Error(`no flag is called ${JSON.stringify(name)}`);
    return flag;
  }
}

/** Arguments after the flags were taken out; `dashAt` is where `--` stood, or -1. */
export interface ParsedArguments {
  readonly args: readonly string[];
  readonly dashAt: number;
  readonly flags: FlagSet;
}

/** Models pflag FlagSet.Parse: flags may stand anywhere before `--`. */
export function parseFlags(args: readonly string[], definitions: readonly Flag[]): ParsedArguments {
  const flags = new FlagSet(definitions);
  const rest: string[] = [];
  const byName = new Map(definitions.map((flag) => [flag.name, flag]));
  const byShorthand = new Map(
    definitions.flatMap((flag) => (flag.shorthand === undefined ? [] : [[flag.shorthand, flag] as const])),
  );
  // What is wrong with the flags is said before help is given.
  let help = false;
  const parsed = (dashAt: number): ParsedArguments => {
    if (help) throw new HelpRequested();
    return { args: rest, dashAt, flags };
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') {
      const dashAt = rest.length;
      rest.push(...args.slice(index + 1));
      return parsed(dashAt);
    }
    if (argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const name = argument.slice(2, equals < 0 ? undefined : equals);
      if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${argument}`);
      const flag = byName.get(name);
      if (flag === undefined) {
        if (name === 'help' && equals < 0) {
          help = true;
          continue;
        }
        throw new FlagError(`unknown flag: --${name}`);
      }
      let value = equals < 0 ? noOptionDefault(flag) : argument.slice(equals + 1);
      if (value === undefined) value = args[++index];
      if (value === undefined) throw new FlagError(`flag needs an argument: ${argument}`);
      flags.set(flag, value, flag.shorthand === undefined ? `--${name}` : `-${flag.shorthand}, --${name}`);
      continue;
    }
    if (argument.length < 2 || !argument.startsWith('-')) {
      rest.push(argument);
      continue;
    }
    for (let at = 1; at < argument.length; at++) {
      const letter = argument[at]!;
      const flag = byShorthand.get(letter);
      if (flag === undefined) {
        if (letter === 'h') {
          help = true;
          continue;
        }
        throw new FlagError(
          `unknown shorthand flag: ${quoteRune(letter)} in ${at === 1 ? argument : `-${argument.slice(at)}`}`,
        );
      }
      const shown = `-${letter}, --${flag.name}`;
      // "-o=" gives the value "=".
      if (argument[at + 1] === '=' && argument.length > at + 2) {
        flags.set(flag, argument.slice(at + 2), shown);
        break;
      }
      const fallback = noOptionDefault(flag);
      if (fallback !== undefined) {
        flags.set(flag, fallback, shown);
        continue;
      }
      const value = at + 1 < argument.length ? argument.slice(at + 1) : args[++index];
      if (value === undefined) {
        throw new FlagError(`flag needs an argument: ${quoteRune(letter)} in ${argument}`);
      }
      flags.set(flag, value, shown);
      break;
    }
  }
  return parsed(-1);
}

/** `-h` or `--help` stands among the arguments. */
export class HelpRequested extends Error {}

export function noOptionDefault(flag: Flag): string | undefined {
  return flag.noOptionDefault ?? (flag.type === 'bool' ? 'true' : undefined);
}

/** Splits "a,b" as a CSV record: "a,\"b,c\"" has two values. */
function splitSlice(text: string): string[] {
  if (text === '') return [];
  return (text.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [])
    .slice(0, -1)
    .concat(text.endsWith(',') ? [''] : [])
    .map((piece) =>
      piece
        .replace(/,$/, '')
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"'),
    );
}

function quoteRune(letter: string): string {
  return `'${letter}'`;
}
