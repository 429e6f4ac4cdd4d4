/** How a tool that reads its input line by line can be run before the input has ended. */
export interface Filter {
  /** What it says of a line depends on that line alone; else on all before it, too. */
  readonly stateless: boolean;
}

/** Options with a value, and how many operands stand before the files. */
const TOOLS: Readonly<
  Record<string, { readonly values: string; readonly operands: number; readonly instead?: RegExp }>
> = {
  base64: { values: 'w', operands: 0 },
  column: { values: 'stNc', operands: 0 },
  comm: { values: '', operands: 0 },
  expand: { values: 't', operands: 0 },
  fold: { values: 'w', operands: 0 },
  join: { values: 'tjoae12', operands: 0 },
  jq: { values: '', operands: 1, instead: /^(?:-f|--from-file)/ },
  md5sum: { values: '', operands: 0 },
  nl: { values: 'bdfhilnsvw', operands: 0 },
  od: { values: 'AtNjw', operands: 0 },
  paste: { values: 'd', operands: 0 },
  rev: { values: '', operands: 0 },
  rg: { values: 'efmABCgt', operands: 1 },
  sha1sum: { values: '', operands: 0 },
  sha256sum: { values: '', operands: 0 },
  strings: { values: 'ntd', operands: 0 },
  tac: { values: 's', operands: 0 },
  unexpand: { values: 't', operands: 0 },
  yq: { values: '', operands: 1 },
};

/** How many words a long option takes: those of jq. */
const LONG_VALUES: Readonly<Record<string, number>> = {
  '--arg': 2,
  '--argjson': 2,
  '--slurpfile': 2,
  '--rawfile': 2,
  '--indent': 1,
};

/** The words that are no options, nor their values. */
export function operandsOf(name: string, args: readonly string[]): string[] {
  const { values } = TOOLS[name]!;
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') return [...operands, ...args.slice(index + 1)];
    if (!/^-./.test(argument) || argument.startsWith('--')) {
      if (!argument.startsWith('--')) operands.push(argument);
      else index += LONG_VALUES[argument] ?? 0;
      continue;
    }
    // "-n 3" takes the next word, "-n3" and "-in3" do not.
    const letter = [...argument.slice(1)].findIndex((one) => values.includes(one));
    if (letter >= 0 && letter === argument.length - 2) index++;
  }
  return operands;
}

/** Does a tool with these arguments read its input? */
export function readsInput(name: string, args: readonly string[]): boolean {
  const tool = TOOLS[name];
  if (tool === undefined) return false;
  if (name === 'jq' && args.some((argument) => /^(?:-\w*n|--null-input)/.test(argument))) return false;
  const operands = operandsOf(name, args);
  const leading =
    tool.instead !== undefined && args.some((argument) => tool.instead!.test(argument)) ? 0 : tool.operands;
  const files = operands.slice(leading);
  if (files.some((file) => file === '-' || file === '/dev/stdin')) return true;
  if (name === 'rg' && files.length === 0) return false;
  return files.length === 0;
}

/** How a tool can be run while its input comes; undefined: not before it has ended. */
export function filterOf(name: string): Filter | undefined {
  switch (name) {
    case 'rev':
    case 'expand':
    case 'unexpand':
      return { stateless: true };
    case 'fold':
    case 'nl':
      return { stateless: false };
    default:
      return undefined;
  }
}
