/** A command line's options and what is left. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** Every value of an option that may come several times. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/**
 * Takes "-la", "-n 5", "-n5", "--name", "--name=value" apart; `withValue` names the options that take one
 * ("n", "name"). What follows "--" is left as it is.
 */
export function parseOptions(args: readonly string[], withValue: readonly string[] = []): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const operands: string[] = [];
  const set = (name: string, value: string) => {
    values.set(name, value);
    lists.set(name, [...(lists.get(name) ?? []), value]);
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', ...value] = arg.slice(2).split('=');
      if (value.length > 0) set(name, value.join('='));
      else if (withValue.includes(name)) set(name, args[++index] ?? '');
      else flags.add(name);
    } else if (/^-[^-\d]|^-\d+$/.test(arg) && arg !== '-') {
      if (/^-\d+$/.test(arg)) {
        set('n', arg.slice(1));
        continue;
      }
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at]!;
        if (!withValue.includes(letter)) {
          flags.add(letter);
          continue;
        }
        const rest = arg.slice(at + 1);
        set(letter, rest === '' ? (args[++index] ?? '') : rest);
        break;
      }
    } else operands.push(arg);
  }
  return { flags, values, lists, operands };
}
