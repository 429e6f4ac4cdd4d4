import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput, textInput } from '../../node/pipe.ts';
import type { Command } from '../command.ts';
import { getopt, type OptionSpec } from '../getopt.ts';
import { quoteWord } from '../quote.ts';

const OPTIONS = {
  nul: { short: '0', long: 'null' },
  file: { short: 'a', long: 'arg-file', value: 'required' },
  delimiter: { short: 'd', long: 'delimiter', value: 'required' },
  end: { short: 'E', value: 'required' },
  replace: { short: 'I', value: 'required' },
  replaceBraces: { short: 'i', long: 'replace', value: 'attached' },
  lines: { short: 'L', long: 'max-lines', value: 'required' },
  linesToo: { short: 'l', value: 'attached' },
  words: { short: 'n', long: 'max-args', value: 'required' },
  processes: { short: 'P', long: 'max-procs', value: 'required' },
  interactive: { short: 'p', long: 'interactive' },
  noRunIfEmpty: { short: 'r', long: 'no-run-if-empty' },
  size: { short: 's', long: 'max-chars', value: 'required' },
  trace: { short: 't', long: 'verbose' },
  exit: { short: 'x', long: 'exit' },
} as const;

const NOT_FOUND = 127;
const ENDS_ALL = 255;
/** What xargs exits with for what its commands exited with. */
const SOME_FAILED = 123;
const ONE_ENDED_ALL = 124;

/** GNU xargs. */
export const xargs: Command = {
  name: 'xargs',
  async run(args, io, environment) {
    // Options end where the command begins.
    const start = commandStart(args);
    const parsed = getopt('xargs', args.slice(0, start), OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const command = start < args.length ? args.slice(start) : ['echo'];
    const file = options.get('file');
    let text: string;
    try {
      text =
        file === undefined
          ? await io.stdin.readAll()
          : environment.machine.files.read(resolvePath(environment.cwd, file));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`xargs: Cannot open input file ‘${file}’: ${error.message}\n`);
      return 1;
    }
    const braces = options.has('replaceBraces') ? options.get('replaceBraces') || '{}' : undefined;
    const replaced = options.get('replace') ?? braces;
    const delimiter = options.has('nul') ? '\0' : unescape(options.get('delimiter'));
    const lines =
      options.get('lines') ?? (options.has('linesToo') ? options.get('linesToo') || '1' : undefined);
    let items: string[][];
    try {
      items = itemsOf(text, delimiter, replaced !== undefined, options.get('end'));
    } catch (error) {
      if (!(error instanceof QuoteError)) throw error;
      io.stderr(`xargs: ${error.message}\n`);
      return 1;
    }
    const batches: string[][] = [];
    if (replaced !== undefined) {
      for (const item of items.flat()) batches.push(command.map((word) => word.replaceAll(replaced, item)));
    } else {
      const groups =
        lines === undefined ? [items.flat()] : chunks(items, Number(lines)).map((group) => group.flat());
      const most = Number(options.get('words') ?? Infinity);
      for (const group of groups)
        for (const words of chunks(group, most)) batches.push([...command, ...words]);
      if (batches.length === 0 && !options.has('noRunIfEmpty')) batches.push([...command]);
    }
    let exit = 0;
    for (const words of batches) {
      if (environment.context.cancelled) return 130;
      const line = words.map(quoteWord).join(' ');
      if (options.has('trace'))
        io.stderr(
          `${words.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : quoteWord(word))).join(' ')}\n`,
        );
      let said = '';
      const own = {
        ...io,
        stdin: new LineInput(textInput('')),
        stderr: (piece: string) => void (said += piece),
      };
      const code = await environment.execute(line, own);
      const isMissing =
        code === NOT_FOUND && /^bash: .*: (?:command not found|No such file or directory)\n$/.test(said);
      io.stderr(isMissing ? `xargs: ${words[0]}: No such file or directory\n` : said);
      if (isMissing) return NOT_FOUND;
      if (code === ENDS_ALL) {
        io.stderr(`xargs: ${words[0]}: exited with status 255; aborting\n`);
        return ONE_ENDED_ALL;
      }
      if (code !== 0) exit = SOME_FAILED;
    }
    return exit;
  },
};

class QuoteError extends Error {}

/** The first word that is neither an option nor the value of one. */
function commandStart(args: readonly string[]): number {
  const specs: readonly OptionSpec[] = Object.values(OPTIONS);
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') return index + 1;
    if (!/^-./.test(argument)) return index;
    const taking = argument.startsWith('--')
      ? specs.find((spec) => spec.value === 'required' && `--${spec.long}` === argument)
      : specs.find(({ short, value }) => value !== undefined && short === firstValued(argument, specs));
    // A short option's value may be joined to it.
    const isJoined = !argument.startsWith('--') && !argument.endsWith(taking?.short ?? '');
    if (taking?.value === 'required' && !isJoined) index++;
  }
  return args.length;
}

/** The first of joined letters that takes a value: what follows it is that. */
function firstValued(argument: string, specs: readonly OptionSpec[]): string | undefined {
  return [...argument.slice(1)].find((letter) =>
    specs.some(({ short, value }) => short === letter && value !== undefined),
  );
}

function unescape(delimiter: string | undefined): string | undefined {
  const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\0': '\0' };
  return delimiter === undefined ? undefined : (escapes[delimiter] ?? delimiter.slice(0, 1));
}

/** What the input lists, line by line: words with quotes taken off, or all between delimiters, or whole lines. */
function itemsOf(
  text: string,
  delimiter: string | undefined,
  wholeLines: boolean,
  end: string | undefined,
): string[][] {
  if (delimiter !== undefined) {
    const items = text.split(delimiter);
    if (items.at(-1) === '') items.pop();
    return items.map((item) => [item]);
  }
  const lines: string[][] = [];
  let words: string[] = [];
  let word = '';
  let isWord = false;
  const endWord = () => {
    if (isWord) words.push(word);
    word = '';
    isWord = false;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "'" || character === '"') {
      const close = text.indexOf(character, at + 1);
      const newline = text.indexOf('\n', at);
      if (close < 0 || (newline >= 0 && newline < close)) {
        const kind = character === "'" ? 'single' : 'double';
        throw new QuoteError(
          `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`,
        );
      }
      word += text.slice(at + 1, close);
      isWord = true;
      at = close;
    } else if (character === '\\' && at + 1 < text.length) {
      word += text[++at]!;
      isWord = true;
    } else if (character === '\n' || (!wholeLines && /\s/.test(character))) {
      endWord();
      if (character === '\n' && words.length > 0) {
        lines.push(words);
        words = [];
      }
    } else if (isWord || !/\s/.test(character)) {
      // Blanks before a line are no part of it.
      word += character;
      isWord = true;
    }
  }
  endWord();
  if (words.length > 0) lines.push(words);
  const stop = end === undefined ? -1 : lines.flat().indexOf(end);
  return stop < 0 ? lines : [lines.flat().slice(0, stop)];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
