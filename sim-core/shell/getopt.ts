import type { CommandIo } from './command.ts';

/** An option of a program: `-n`, `--number`, or both; with a value if `value`. */
export interface OptionSpec {
  readonly short?: string;
  readonly long?: string;
  /** "required": -n 5, --number=5; "optional": --color[=WHEN] only; "attached": -i.bak, too. */
  readonly value?: 'required' | 'optional' | 'attached';
}

/** Options as given, by the name of the spec (the last of each), all of them in order, and what is left. */
export interface ParsedOptions<Name extends string> {
  readonly options: ReadonlyMap<Name, string>;
  readonly given: readonly (readonly [name: Name, value: string])[];
  readonly operands: readonly string[];
}

/**
 * Reads options as GNU getopt_long does: they may stand among operands, short ones may be joined,
 * long ones may be cut short. On a mistake it prints what GNU programs print and gives undefined.
 */
export function getopt<Name extends string>(
  program: string,
  args: readonly string[],
  specs: Readonly<Record<Name, OptionSpec>>,
  io: CommandIo,
): ParsedOptions<Name> | undefined {
  const options = new Map<Name, string>();
  const all: (readonly [Name, string])[] = [];
  const set = (name: Name, value: string) => {
    options.set(name, value);
    all.push([name, value]);
  };
  const operands: string[] = [];
  const entries = Object.entries<OptionSpec>(specs) as [Name, OptionSpec][];
  const fail = (message: string) => {
    io.stderr(`${program}: ${message}\nTry '${program} --help' for more information.\n`);
    return undefined;
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const given = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
      const matches = entries.filter(([, spec]) => spec.long?.startsWith(given));
      const exact = matches.filter(([, spec]) => spec.long === given);
      const [match, other] = exact.length > 0 ? exact : matches;
      if (match === undefined) return fail(`unrecognized option '${argument}'`);
      if (other !== undefined) {
        const list = matches.map(([, spec]) => `'--${spec.long}'`).join(' ');
        return fail(`option '--${given}' is ambiguous; possibilities: ${list}`);
      }
      const [name, spec] = match;
      if (spec.value === undefined && equals >= 0) {
        return fail(`option '--${spec.long}' doesn't allow an argument`);
      }
      let value = equals < 0 ? '' : argument.slice(equals + 1);
      if (spec.value === 'required' && equals < 0) {
        const next = args[++index];
        if (next === undefined) return fail(`option '--${spec.long}' requires an argument`);
        value = next;
      }
      set(name, value);
      continue;
    }
    if (argument.length < 2 || !argument.startsWith('-')) {
      operands.push(argument);
      continue;
    }
    for (let at = 1; at < argument.length; at++) {
      const letter = argument[at]!;
      const match = entries.find(([, spec]) => spec.short === letter);
      if (match === undefined) return fail(`invalid option -- '${letter}'`);
      const [name, spec] = match;
      if (spec.value === 'attached') {
        set(name, argument.slice(at + 1));
        break;
      }
      if (spec.value !== 'required') {
        set(name, '');
        continue;
      }
      const value = at + 1 < argument.length ? argument.slice(at + 1) : args[++index];
      if (value === undefined) return fail(`option requires an argument -- '${letter}'`);
      set(name, value);
      break;
    }
  }
  return { options, given: all, operands };
}
