import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { allLines, openInputs } from '../text/inputs.ts';
import {
  compareBytes,
  compareGeneral,
  compareHuman,
  compareMonths,
  compareNumbers,
} from '../text/sort-order.ts';
import { compareVersions } from '../text/version-order.ts';

const OPTIONS = {
  ignoreBlanks: { short: 'b', long: 'ignore-leading-blanks' },
  dictionary: { short: 'd', long: 'dictionary-order' },
  fold: { short: 'f', long: 'ignore-case' },
  general: { short: 'g', long: 'general-numeric-sort' },
  printing: { short: 'i', long: 'ignore-nonprinting' },
  months: { short: 'M', long: 'month-sort' },
  human: { short: 'h', long: 'human-numeric-sort' },
  numeric: { short: 'n', long: 'numeric-sort' },
  random: { short: 'R', long: 'random-sort' },
  reverse: { short: 'r', long: 'reverse' },
  order: { long: 'sort', value: 'required' },
  version: { short: 'V', long: 'version-sort' },
  check: { short: 'c', long: 'check', value: 'optional' },
  checkQuietly: { short: 'C' },
  key: { short: 'k', long: 'key', value: 'required' },
  merge: { short: 'm', long: 'merge' },
  output: { short: 'o', long: 'output', value: 'required' },
  stable: { short: 's', long: 'stable' },
  separator: { short: 't', long: 'field-separator', value: 'required' },
  unique: { short: 'u', long: 'unique' },
  nul: { short: 'z', long: 'zero-terminated' },
  buffer: { short: 'S', long: 'buffer-size', value: 'required' },
  directory: { short: 'T', long: 'temporary-directory', value: 'required' },
  parallel: { long: 'parallel', value: 'required' },
} as const;

type Compare = (a: string, b: string) => number;
const ORDERS: Readonly<Record<string, Compare>> = {
  n: compareNumbers,
  g: compareGeneral,
  h: compareHuman,
  M: compareMonths,
  V: compareVersions,
};
/** Names that --sort takes. */
const WORDS: Readonly<Record<string, string>> = {
  'general-numeric': 'g',
  'human-numeric': 'h',
  month: 'M',
  numeric: 'n',
  version: 'V',
};

/** A place in a line: field and character, from 1 on; character 0 is the end of the field. */
interface Place {
  readonly field: number;
  readonly character: number;
}

/** `-k START,END` with its letters. */
interface Key {
  readonly start: Place;
  readonly end: Place | undefined;
  readonly letters: string;
  /** Blanks before the start, or the end, are no part of it. */
  readonly startBlanks: boolean;
  readonly endBlanks: boolean;
}

/** GNU sort in the locale C.UTF-8. */
export const sort: Command = {
  name: 'sort',
  async run(args, io, environment) {
    const parsed = getopt('sort', args, OPTIONS, io);
    if (parsed === undefined) return 2;
    const { options, given, operands } = parsed;
    const fail = (message: string): number => {
      io.stderr(`sort: ${message}\n`);
      return 2;
    };
    const word = options.get('order');
    if (word !== undefined && WORDS[word] === undefined)
      return fail(`invalid argument ‘${word}’ for ‘--sort’`);
    const letters = given
      .map(([name]) => (name === 'order' ? WORDS[word!] : (OPTIONS[name] as { short?: string }).short))
      .filter((letter) => letter !== undefined && /[bdfgiMhnRrV]/.test(letter))
      .join('');
    const separator = separatorOf(options.get('separator'));
    if (separator instanceof Error) return fail(separator.message);
    const keys: Key[] = [];
    for (const [name, value] of given) {
      if (name !== 'key') continue;
      const key = parseKey(value, letters);
      if (typeof key === 'string') return fail(key);
      keys.push(key);
    }
    const compare = comparison(keys, letters, separator);
    const isReversed = letters.includes('r');
    const lastResort: Compare = (a, b) => (isReversed ? compareBytes(b, a) : compareBytes(a, b));
    const isUnique = options.has('unique');
    const isStable = options.has('stable') || isUnique;
    const end = options.has('nul') ? '\0' : '\n';
    let missing: string | undefined;
    const inputs = [
      ...openInputs(operands, io, environment, (name, message) => {
        missing ??=
          message === 'Is a directory'
            ? `read failed: ${name}: ${message}`
            : `cannot read: ${name}: ${message}`;
      }),
    ];
    if (missing !== undefined) return fail(missing);
    const lines = await allLines(inputs, end);
    if (options.has('check') || options.has('checkQuietly')) {
      const at = lines.findIndex((line, index) => {
        if (index === 0) return false;
        const order =
          compare(lines[index - 1]!, line) || (isStable ? 0 : lastResort(lines[index - 1]!, line));
        return isUnique ? order >= 0 : order > 0;
      });
      if (at < 0) return 0;
      if (options.has('check')) io.stderr(`sort: ${operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}\n`);
      return 1;
    }
    const sorted = lines.sort((a, b) => compare(a, b) || (isStable ? 0 : lastResort(a, b)));
    const shown = isUnique
      ? sorted.filter((line, index) => index === 0 || compare(sorted[index - 1]!, line) !== 0)
      : sorted;
    const text = shown.map((line) => line + end).join('');
    const output = options.get('output');
    if (output === undefined) {
      io.stdout(text);
      return 0;
    }
    try {
      environment.machine.files.write(resolvePath(environment.cwd, output), text);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return fail(`open failed: ${output}: ${error.message}`);
    }
    return 0;
  },
};

function separatorOf(given: string | undefined): string | undefined | Error {
  if (given === undefined) return undefined;
  if (given === '') return new Error('empty tab');
  if (given === '\\0') return '\0';
  return [...given].length === 1 ? given : new Error(`multi-character tab ‘${given}’`);
}

/** A key as `-k` gives it; what has no letters of its own has the command's. A text says what is wrong with it. */
function parseKey(text: string, letters: string): Key | string {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (match === null) {
    return /^\d/.test(text)
      ? `stray character in field spec: invalid field specification ‘${text}’`
      : `invalid number at field start: invalid count at start of ‘${text}’`;
  }
  const [, field, character, before = '', endField, endCharacter, after = ''] = match;
  if (Number(field) === 0) return `field number is zero: invalid field specification ‘${text}’`;
  if (character !== undefined && Number(character) === 0)
    return `character offset is zero: invalid field specification ‘${text}’`;
  const own = before + after;
  const isPlain = own === '';
  return {
    start: { field: Number(field), character: Number(character ?? 1) },
    end:
      endField === undefined ? undefined : { field: Number(endField), character: Number(endCharacter ?? 0) },
    letters: isPlain ? letters : own,
    startBlanks: (isPlain ? letters : before).includes('b'),
    endBlanks: (isPlain ? letters : after).includes('b'),
  };
}

function comparison(keys: readonly Key[], letters: string, separator: string | undefined): Compare {
  if (keys.length === 0) {
    const order = orderOf(letters);
    return (a, b) =>
      order(
        letters.includes('b') ? a.replace(/^[ \t]+/, '') : a,
        letters.includes('b') ? b.replace(/^[ \t]+/, '') : b,
      );
  }
  const orders = keys.map((key) => ({ key, order: orderOf(key.letters) }));
  return (a, b) => {
    for (const { key, order } of orders) {
      const result = order(keyOf(a, key, separator), keyOf(b, key, separator));
      if (result !== 0) return result;
    }
    return 0;
  };
}

function orderOf(letters: string): Compare {
  const letter = [...letters].find((one) => Object.hasOwn(ORDERS, one));
  const base = letter === undefined ? compareBytes : ORDERS[letter]!;
  const shape = (text: string): string => {
    let shaped = text;
    if (letters.includes('d')) shaped = shaped.replace(/[^\p{L}\p{Nd} \t]/gu, '');
    if (letters.includes('i')) shaped = shaped.replace(/[^\x20-\x7e]/g, '');
    return letters.includes('f') ? shaped.toUpperCase() : shaped;
  };
  const isShaped = /[dif]/.test(letters);
  const order: Compare = isShaped ? (a, b) => base(shape(a), shape(b)) : base;
  return letters.includes('r') ? (a, b) => order(b, a) : order;
}

/** The part of a line that a key compares. Models begfield and limfield of src/sort.c. */
function keyOf(
  line: string,
  { start, end, startBlanks, endBlanks }: Key,
  separator: string | undefined,
): string {
  let from = fieldStart(line, start.field, separator);
  if (startBlanks) from = skipBlanks(line, from);
  from = Math.min(line.length, from + start.character - 1);
  if (end === undefined) return line.slice(from);
  if (end.character === 0) return line.slice(from, Math.max(from, fieldEnd(line, end.field, separator)));
  let to = fieldStart(line, end.field, separator);
  if (endBlanks) to = skipBlanks(line, to);
  return line.slice(from, Math.max(from, Math.min(line.length, to + end.character)));
}

/** Without a separator, a field begins with the blanks before it. */
function fieldStart(line: string, field: number, separator: string | undefined): number {
  let at = 0;
  for (let left = field - 1; left > 0 && at < line.length; left--) {
    if (separator === undefined) {
      at = skipWord(line, skipBlanks(line, at));
    } else {
      const next = line.indexOf(separator, at);
      at = next < 0 ? line.length : next + 1;
    }
  }
  return at;
}

function fieldEnd(line: string, field: number, separator: string | undefined): number {
  if (separator === undefined) {
    let at = 0;
    for (let left = field; left > 0; left--) at = skipWord(line, skipBlanks(line, at));
    return at;
  }
  const start = fieldStart(line, field, separator);
  const next = line.indexOf(separator, start);
  return next < 0 ? line.length : next;
}

function skipBlanks(line: string, at: number): number {
  let end = at;
  while (line[end] === ' ' || line[end] === '\t') end++;
  return end;
}

function skipWord(line: string, at: number): number {
  let end = at;
  while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end++;
  return end;
}
