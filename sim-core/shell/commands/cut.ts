import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { linesOf, openInputs } from '../text/inputs.ts';

const OPTIONS = {
  bytes: { short: 'b', long: 'bytes', value: 'required' },
  characters: { short: 'c', long: 'characters', value: 'required' },
  delimiter: { short: 'd', long: 'delimiter', value: 'required' },
  fields: { short: 'f', long: 'fields', value: 'required' },
  whole: { short: 'n' },
  complement: { long: 'complement' },
  onlyDelimited: { short: 's', long: 'only-delimited' },
  outputDelimiter: { long: 'output-delimiter', value: 'required' },
  nul: { short: 'z', long: 'zero-terminated' },
} as const;

/** Places from 1 on, both ends included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** GNU cut. */
export const cut: Command = {
  name: 'cut',
  async run(args, io, environment) {
    const fail = (message: string): number => {
      io.stderr(`cut: ${message}\nTry 'cut --help' for more information.\n`);
      return 1;
    };
    const parsed = getopt('cut', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const lists = (['bytes', 'characters', 'fields'] as const).filter((name) => options.has(name));
    if (lists.length > 1) return fail('only one list may be specified');
    const [kind] = lists;
    if (kind === undefined) return fail('you must specify a list of bytes, characters, or fields');
    const delimiter = options.get('delimiter');
    if (delimiter !== undefined && [...delimiter].length > 1)
      return fail('the delimiter must be a single character');
    if (kind !== 'fields' && delimiter !== undefined)
      return fail('an input delimiter may be specified only when operating on fields');
    if (kind !== 'fields' && options.has('onlyDelimited'))
      return fail('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
    const ranges = rangesOf(options.get(kind)!, kind === 'fields');
    if (typeof ranges === 'string') return fail(ranges);
    const isWanted = (place: number): boolean =>
      ranges.some(({ from, to }) => place >= from && place <= to) !== options.has('complement');
    const end = options.has('nul') ? '\0' : '\n';
    const between = delimiter === undefined ? '\t' : delimiter === '' ? '\0' : delimiter;
    const cutFields = (line: string): string | undefined => {
      if (!line.includes(between)) return options.has('onlyDelimited') ? undefined : line;
      const fields = line.split(between).filter((_, index) => isWanted(index + 1));
      return fields.join(options.get('outputDelimiter') ?? between);
    };
    const cutCharacters = (line: string): string => {
      const characters = [...line];
      let text = '';
      for (const [index, character] of characters.entries()) {
        if (!isWanted(index + 1)) continue;
        // What stood apart is told apart only if that is asked for.
        if (text !== '' && !isWanted(index)) text += options.get('outputDelimiter') ?? '';
        text += character;
      }
      return text;
    };
    let exit = 0;
    const inputs = openInputs(operands, io, environment, (name, message) => {
      io.stderr(`cut: ${name}: ${message}\n`);
      exit = 1;
    });
    for (const { input } of inputs) {
      for await (const { text } of linesOf(input, end)) {
        if (environment.context.cancelled) return 130;
        const shown = kind === 'fields' ? cutFields(text) : cutCharacters(text);
        if (shown !== undefined) io.stdout(shown + end);
        await io.drained?.();
      }
    }
    return exit;
  },
};

/** The ranges of "1,3-5,7-"; a text says what is wrong with it. */
function rangesOf(list: string, ofFields: boolean): Range[] | string {
  const ranges: Range[] = [];
  for (const part of list.split(/[, \t]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null)
      return `invalid ${ofFields ? 'field' : 'byte or character'} ${/-.*-/.test(part) ? 'range' : `value ‘${part.replace(/^[\d-]*/, '')}’`}`;
    const [, from = '', dash, to = ''] = match;
    if (dash === '-' && from === '' && to === '') return 'invalid range with no endpoint: -';
    const range = {
      from: from === '' ? 1 : Number(from),
      to: dash === '' ? Number(from) : to === '' ? Infinity : Number(to),
    };
    if (range.from === 0 || range.to === 0)
      return ofFields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1';
    if (part === '')
      return ofFields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1';
    if (range.to < range.from) return 'invalid decreasing range';
    ranges.push(range);
  }
  return ranges;
}
