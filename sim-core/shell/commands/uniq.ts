import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { linesOf, openInputs } from '../text/inputs.ts';

const OPTIONS = {
  count: { short: 'c', long: 'count' },
  repeated: { short: 'd', long: 'repeated' },
  allRepeated: { short: 'D', long: 'all-repeated', value: 'optional' },
  skipFields: { short: 'f', long: 'skip-fields', value: 'required' },
  ignoreCase: { short: 'i', long: 'ignore-case' },
  skipCharacters: { short: 's', long: 'skip-chars', value: 'required' },
  unique: { short: 'u', long: 'unique' },
  width: { short: 'w', long: 'check-chars', value: 'required' },
  nul: { short: 'z', long: 'zero-terminated' },
} as const;
const COUNTS = {
  skipFields: 'number of fields to skip',
  skipCharacters: 'number of bytes to skip',
  width: 'number of bytes to compare',
} as const;

/** GNU uniq. */
export const uniq: Command = {
  name: 'uniq',
  async run(args, io, environment) {
    const parsed = getopt('uniq', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    for (const [name, what] of Object.entries(COUNTS)) {
      const value = options.get(name as keyof typeof COUNTS);
      if (value === undefined || /^\d+$/.test(value)) continue;
      io.stderr(`uniq: ${value}: invalid ${what}\n`);
      return 1;
    }
    const [, output, extra] = operands;
    if (extra !== undefined) {
      io.stderr(`uniq: extra operand '${extra}'\nTry 'uniq --help' for more information.\n`);
      return 1;
    }
    const end = options.has('nul') ? '\0' : '\n';
    const fields = Number(options.get('skipFields') ?? 0);
    const from = Number(options.get('skipCharacters') ?? 0);
    const width = Number(options.get('width') ?? Infinity);
    const keyOf = (line: string): string => {
      const rest = fields === 0 ? line : line.replace(new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${fields}}`), '');
      const key = rest.slice(from, from + width);
      return options.has('ignoreCase') ? key.toLowerCase() : key;
    };
    let written = '';
    const write = output === undefined ? io.stdout : (text: string) => void (written += text);
    const flush = (group: readonly string[]): void => {
      const isRepeated = group.length > 1;
      if (isRepeated ? options.has('unique') : options.has('repeated') || options.has('allRepeated')) return;
      const shown = options.has('allRepeated') ? group : group.slice(0, 1);
      const count = options.has('count') ? `${String(group.length).padStart(7)} ` : '';
      for (const line of shown) write(count + line + end);
    };
    let exit = 0;
    let group: string[] = [];
    const inputs = openInputs(operands.slice(0, 1), io, environment, (name, message) => {
      io.stderr(`uniq: ${name}: ${message}\n`);
      exit = 1;
    });
    for (const { input } of inputs) {
      for await (const { text } of linesOf(input, end)) {
        if (environment.context.cancelled) return 130;
        if (group.length > 0 && keyOf(group[0]!) !== keyOf(text)) {
          flush(group);
          group = [];
          await io.drained?.();
        }
        group.push(text);
      }
    }
    if (group.length > 0) flush(group);
    if (output === undefined) return exit;
    try {
      environment.machine.files.write(resolvePath(environment.cwd, output), written);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`uniq: ${output}: ${error.message}\n`);
      return 1;
    }
    return exit;
  },
};
