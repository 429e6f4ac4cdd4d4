import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput } from '../../node/pipe.ts';
import type { Command, CommandEnvironment, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';
import { linesOf, ownInput } from '../text/inputs.ts';
import { Matcher, PatternError } from '../text/matcher.ts';
import type { PatternDialect } from '../text/posix-pattern.ts';
import { globPattern } from '../text/glob.ts';

const OPTIONS = {
  after: { short: 'A', long: 'after-context', value: 'required' },
  before: { short: 'B', long: 'before-context', value: 'required' },
  context: { short: 'C', long: 'context', value: 'required' },
  count: { short: 'c', long: 'count' },
  colour: { long: 'color', value: 'optional' },
  color: { long: 'colour', value: 'optional' },
  extended: { short: 'E', long: 'extended-regexp' },
  regexp: { short: 'e', long: 'regexp', value: 'required' },
  fixed: { short: 'F', long: 'fixed-strings' },
  file: { short: 'f', long: 'file', value: 'required' },
  basic: { short: 'G', long: 'basic-regexp' },
  withName: { short: 'H', long: 'with-filename' },
  noName: { short: 'h', long: 'no-filename' },
  ignoreCase: { short: 'i', long: 'ignore-case' },
  ignoreCaseToo: { short: 'y' },
  keepCase: { long: 'no-ignore-case' },
  names: { short: 'l', long: 'files-with-matches' },
  otherNames: { short: 'L', long: 'files-without-match' },
  most: { short: 'm', long: 'max-count', value: 'required' },
  number: { short: 'n', long: 'line-number' },
  only: { short: 'o', long: 'only-matching' },
  perl: { short: 'P', long: 'perl-regexp' },
  quiet: { short: 'q', long: 'quiet' },
  silent: { long: 'silent' },
  recursive: { short: 'r', long: 'recursive' },
  dereference: { short: 'R', long: 'dereference-recursive' },
  noMessages: { short: 's', long: 'no-messages' },
  invert: { short: 'v', long: 'invert-match' },
  word: { short: 'w', long: 'word-regexp' },
  line: { short: 'x', long: 'line-regexp' },
  nul: { short: 'z', long: 'null-data' },
  nulName: { short: 'Z', long: 'null' },
  offset: { short: 'b', long: 'byte-offset' },
  tab: { short: 'T', long: 'initial-tab' },
  text: { short: 'a', long: 'text' },
  binary: { short: 'U', long: 'binary' },
  noBinary: { short: 'I' },
  buffered: { long: 'line-buffered' },
  label: { long: 'label', value: 'required' },
  include: { long: 'include', value: 'required' },
  exclude: { long: 'exclude', value: 'required' },
  excludeDirectory: { long: 'exclude-dir', value: 'required' },
  directories: { short: 'd', long: 'directories', value: 'required' },
} as const;

type Options = ReadonlyMap<keyof typeof OPTIONS, string>;

/** What a search does with what it finds. */
interface Search {
  readonly matcher: Matcher;
  readonly options: Options;
  readonly before: number;
  readonly after: number;
  readonly most: number;
  readonly named: boolean;
}

const FOUND = 0;
const NOTHING = 1;
const TROUBLE = 2;

/** GNU grep; what it finds it says as its input comes. */
export const grep: Command = {
  name: 'grep',
  run: (args, io, environment) => run('basic', args, io, environment),
};
export const egrep: Command = {
  name: 'egrep',
  run: (args, io, environment) => run('extended', args, io, environment),
};
export const fgrep: Command = {
  name: 'fgrep',
  run: (args, io, environment) => run('fixed', args, io, environment),
};

async function run(
  own: PatternDialect,
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
): Promise<number> {
  const usage = { ...io, stderr: (text: string) => io.stderr(text.replace(/^Try /m, `${USAGE}Try `)) };
  // "-2" is "-C 2".
  const words = args.map((argument, index) =>
    /^-(?:[a-zA-Z]*[efmABC]|-regexp|-file)$/.test(args[index - 1] ?? '')
      ? argument
      : argument.replace(/^-(\d+)$/, '-C$1'),
  );
  const parsed = getopt('grep', words, OPTIONS, usage);
  if (parsed === undefined) return TROUBLE;
  const { options, given, operands } = parsed;
  const patterns: string[] = [];
  try {
    for (const [name, value] of given) {
      if (name === 'regexp') patterns.push(...value.split('\n'));
      if (name === 'file')
        patterns.push(
          ...environment.machine.files.read(resolvePath(environment.cwd, value)).split(/\n(?!$)|\n$/),
        );
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr(`grep: ${options.get('file')}: ${error.message}\n`);
    return TROUBLE;
  }
  if (options.has('file') && patterns.at(-1) === '') patterns.pop();
  const rest = [...operands];
  if (!options.has('regexp') && !options.has('file')) {
    const first = rest.shift();
    if (first === undefined) {
      io.stderr(`${USAGE}Try 'grep --help' for more information.\n`);
      return TROUBLE;
    }
    patterns.push(...first.split('\n'));
  }
  for (const name of ['after', 'before', 'context', 'most'] as const) {
    const value = options.get(name);
    if (value === undefined || /^\d+$/.test(value)) continue;
    io.stderr(
      name === 'most' ? 'grep: invalid max count\n' : `grep: ${value}: invalid context length argument\n`,
    );
    return TROUBLE;
  }
  const isRecursive = options.has('recursive') || options.has('dereference');
  let search: Search;
  try {
    const context = Number(options.get('context') ?? 0);
    search = {
      options,
      matcher: new Matcher(environment.clock, patterns, {
        dialect: dialectOf(own, given),
        ignoreCase: ignoresCase(given),
        needsExtent: options.has('only'),
        ...(options.has('line') ? { whole: 'line' } : options.has('word') && { whole: 'word' }),
      }),
      before: Number(options.get('before') ?? context),
      after: Number(options.get('after') ?? context),
      most: Number(options.get('most') ?? Infinity),
      named: !options.has('noName') && (options.has('withName') || rest.length > 1 || isRecursive),
    };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    io.stderr(`grep: ${error.message}\n`);
    return TROUBLE;
  }
  let found = false;
  let trouble = false;
  const complain = (name: string, message: string) => {
    trouble = true;
    if (!options.has('noMessages')) io.stderr(`grep: ${name}: ${message}\n`);
  };
  const state = { separated: false };
  const files = rest.length > 0 ? rest : [isRecursive ? '' : '-'];
  for (const file of files.flatMap((name) => filesOf(name, isRecursive, given, environment, complain))) {
    const input = file === '-' ? ownInput(io, environment.context) : open(file, environment, complain);
    if (input === undefined) continue;
    const name = file === '-' ? (options.get('label') ?? '(standard input)') : file;
    try {
      found = (await searchInput(name, input, search, io, environment, state)) || found;
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      io.stderr(`grep: ${error.message}\n`);
      return TROUBLE;
    }
    if (found && (options.has('quiet') || options.has('silent'))) return FOUND;
    if (environment.context.cancelled) return FOUND;
  }
  return trouble ? TROUBLE : found ? FOUND : NOTHING;
}

const USAGE = 'Usage: grep [OPTION]... PATTERNS [FILE]...\n';

type Given = readonly (readonly [name: keyof typeof OPTIONS, value: string])[];

function dialectOf(own: PatternDialect, given: Given): PatternDialect {
  const last = given.findLast(([name]) => ['extended', 'fixed', 'basic', 'perl'].includes(name))?.[0];
  return (last as PatternDialect | undefined) ?? own;
}

function ignoresCase(given: Given): boolean {
  const last = given.findLast(([name]) => ['ignoreCase', 'ignoreCaseToo', 'keepCase'].includes(name))?.[0];
  return last !== undefined && last !== 'keepCase';
}

type Complain = (name: string, message: string) => void;

/** The files that are searched for one operand: a directory's only if the search goes into directories. */
function filesOf(
  name: string,
  isRecursive: boolean,
  given: Given,
  { machine: { files }, cwd }: CommandEnvironment,
  complain: Complain,
): string[] {
  if (name === '-') return [name];
  const globs = (option: keyof typeof OPTIONS) =>
    given.filter(([one]) => one === option).map(([, value]) => globPattern(value));
  const [included, excluded] = [globs('include'), globs('exclude')];
  const excludedDirectories = globs('excludeDirectory');
  const isWanted = (base: string) =>
    (included.length === 0 || included.some((glob) => glob.test(base))) &&
    !excluded.some((glob) => glob.test(base));
  const walk = (path: string, shown: string, isOperand: boolean): string[] => {
    if (!files.exists(path)) {
      // A broken link within a directory is passed over.
      if (isOperand) complain(shown, 'No such file or directory');
      return [];
    }
    const base = path.replace(/^.*\//, '');
    if (files.stat(files.realPath(path)).type !== 'directory') return isWanted(base) ? [shown] : [];
    if (!isRecursive) {
      if (given.every(([option, value]) => option !== 'directories' || value !== 'skip'))
        complain(shown, 'Is a directory');
      return [];
    }
    if (!isOperand && excludedDirectories.some((glob) => glob.test(base))) return [];
    const prefix = shown === '' || shown.endsWith('/') ? shown : `${shown}/`;
    return files
      .list(path)
      .flatMap((child) => walk(`${path === '/' ? '' : path}/${child}`, prefix + child, false));
  };
  return walk(resolvePath(cwd, name), name, true);
}

function open(
  name: string,
  { machine, cwd, context }: CommandEnvironment,
  complain: Complain,
): LineInput | undefined {
  try {
    return ownInput({ stdin: new LineInput(machine.files.open(resolvePath(cwd, name))) }, context);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    complain(name, error.message);
    return undefined;
  }
}

/** Searches one input; true if a line was selected. */
async function searchInput(
  name: string,
  input: LineInput,
  { matcher, options, before, after, most, named }: Search,
  io: CommandIo,
  { context }: CommandEnvironment,
  state: { separated: boolean },
): Promise<boolean> {
  const silent = options.has('quiet') || options.has('silent');
  const listsNames = options.has('names') || options.has('otherNames');
  const showsLines = !silent && !listsNames && !options.has('count');
  const end = options.has('nul') ? '\0' : '\n';
  const inverted = options.has('invert');
  const head = (separator: string, number: number, offset: number): string => {
    const tab = options.has('tab') ? '\t' : '';
    const fields = [
      ...(named ? [name] : []),
      ...(options.has('number') ? [tab === '' ? String(number) : String(number).padStart(4)] : []),
      ...(options.has('offset') ? [String(offset)] : []),
    ];
    return fields.length === 0 ? '' : fields.join(separator) + separator + tab;
  };
  const waiting: { readonly text: string; readonly number: number; readonly offset: number }[] = [];
  let selected = 0;
  let number = 0;
  let offset = 0;
  let trailing = 0;
  let shownUntil = 0;
  for await (const { text } of linesOf(input, end)) {
    if (context.cancelled) break;
    number++;
    const here = offset;
    offset += text.length + 1;
    const wait = matcher.prepare(text);
    if (wait !== undefined) await wait;
    const matches = selected < most && (matcher.find(text) !== undefined) !== inverted;
    if (matches) {
      selected++;
      if (!showsLines) {
        if (silent || listsNames || selected >= most) break;
        continue;
      }
      if (text.includes('\0') && end === '\n' && !options.has('text')) {
        io.stdout(`grep: ${name}: binary file matches\n`);
        return true;
      }
      const isApart = before + after > 0 && state.separated && number - waiting.length > shownUntil + 1;
      if (isApart && !options.has('only')) io.stdout('--\n');
      if (!options.has('only')) {
        for (const one of waiting) io.stdout(`${head('-', one.number, one.offset)}${one.text}${end}`);
        io.stdout(`${head(':', number, here)}${text}${end}`);
      } else if (!inverted) {
        for (
          let at = 0, found = matcher.find(text, at);
          found !== undefined;
          found = matcher.find(text, at)
        ) {
          if (found.end > found.start)
            io.stdout(`${head(':', number, here + found.start)}${text.slice(found.start, found.end)}${end}`);
          at = Math.max(found.end, found.start + 1);
          if (at > text.length) break;
        }
      }
      waiting.length = 0;
      trailing = after;
      shownUntil = number;
      state.separated = true;
      if (selected >= most && trailing === 0) break;
    } else if (trailing > 0) {
      trailing--;
      shownUntil = number;
      if (!options.has('only')) io.stdout(`${head('-', number, here)}${text}${end}`);
      if (selected >= most && trailing === 0) break;
    } else if (selected >= most) {
      break;
    } else if (before > 0) {
      waiting.push({ text, number, offset: here });
      if (waiting.length > before) waiting.shift();
    }
    await io.drained?.();
  }
  const nameEnd = options.has('nulName') ? '\0' : '\n';
  if (silent) return selected > 0;
  if (options.has('names')) {
    if (selected > 0) io.stdout(name + nameEnd);
  } else if (options.has('otherNames')) {
    if (selected === 0) io.stdout(name + nameEnd);
    return selected === 0;
  } else if (options.has('count')) io.stdout(`${named ? `${name}:` : ''}${selected}\n`);
  return selected > 0;
}
