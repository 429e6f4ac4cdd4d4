import { FileError } from '../../node/file-system.ts';
import { baseName, resolvePath } from '../../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';
import type { DiffForm, Side } from '../text/diff-forms.ts';
import { contextForm, normalForm, sideBySideForm, unifiedForm } from '../text/diff-forms.ts';
import { lineDiff } from '../text/line-diff.ts';

const OPTIONS = {
  context: { short: 'c' },
  contextLines: { short: 'C', long: 'context', value: 'optional' },
  unified: { short: 'u' },
  unifiedLines: { short: 'U', value: 'required' },
  unifiedLong: { long: 'unified', value: 'optional' },
  normal: { long: 'normal' },
  brief: { short: 'q', long: 'brief' },
  identical: { short: 's', long: 'report-identical-files' },
  sideBySide: { short: 'y', long: 'side-by-side' },
  width: { short: 'W', long: 'width', value: 'required' },
  suppressCommon: { long: 'suppress-common-lines' },
  leftColumn: { long: 'left-column' },
  ignoreCase: { short: 'i', long: 'ignore-case' },
  ignoreAllSpace: { short: 'w', long: 'ignore-all-space' },
  ignoreSpaceChange: { short: 'b', long: 'ignore-space-change' },
  ignoreTrailingSpace: { short: 'Z', long: 'ignore-trailing-space' },
  ignoreBlankLines: { short: 'B', long: 'ignore-blank-lines' },
  stripCarriageReturns: { long: 'strip-trailing-cr' },
  recursive: { short: 'r', long: 'recursive' },
  newFile: { short: 'N', long: 'new-file' },
  label: { short: 'L', long: 'label', value: 'required' },
  exclude: { short: 'x', long: 'exclude', value: 'required' },
  colour: { long: 'color', value: 'optional' },
  text: { short: 'a', long: 'text' },
  minimal: { short: 'd', long: 'minimal' },
  function: { short: 'p', long: 'show-c-function' },
} as const;

type Options = ReadonlyMap<keyof typeof OPTIONS, string>;

const SAME = 0;
const DIFFERENT = 1;
const TROUBLE = 2;

/** GNU diff. */
export const diff: Command = {
  name: 'diff',
  async run(args, io, environment) {
    const usage = { ...io, stderr: (text: string) => io.stderr(text.replace(/^Try /m, 'diff: Try ')) };
    // "-u0" is "-U 0".
    const words = args.map((argument) => argument.replace(/^-u(\d+)$/, '-U$1'));
    const parsed = getopt('diff', words, OPTIONS, usage);
    if (parsed === undefined) return TROUBLE;
    const { options, given, operands } = parsed;
    const [left, right, extra] = operands;
    if (left === undefined || right === undefined || extra !== undefined) {
      const what =
        extra !== undefined
          ? `extra operand '${extra}'`
          : `missing operand after '${left ?? args.at(-1) ?? 'diff'}'`;
      io.stderr(`diff: ${what}\ndiff: Try 'diff --help' for more information.\n`);
      return TROUBLE;
    }
    const labels = given.filter(([name]) => name === 'label').map(([, value]) => value);
    const flags = args.filter((argument) => argument.startsWith('-') && argument !== '-');
    return new Comparison(io, environment, options, { labels, flags }).compare(left, right);
  },
};

class Comparison {
  readonly #io: CommandIo;
  readonly #environment: CommandEnvironment;
  readonly #options: Options;
  readonly #labels: readonly string[];
  readonly #flags: readonly string[];
  readonly #form: DiffForm;

  constructor(
    io: CommandIo,
    environment: CommandEnvironment,
    options: Options,
    { labels, flags }: { readonly labels: readonly string[]; readonly flags: readonly string[] },
  ) {
    this.#io = io;
    this.#environment = environment;
    this.#options = options;
    this.#labels = labels;
    this.#flags = flags;
    this.#form = formOf(options);
  }

  /** Compares what two names lead to; gives diff's exit code. */
  async compare(left: string, right: string): Promise<number> {
    const [from, to] = [this.#typeOf(left), this.#typeOf(right)];
    for (const [name, type] of [
      [left, from],
      [right, to],
    ] as const) {
      if (type === undefined && !this.#options.has('newFile'))
        this.#io.stderr(`diff: ${name}: No such file or directory\n`);
    }
    if ((from === undefined || to === undefined) && !this.#options.has('newFile')) return TROUBLE;
    if (from === 'directory' && to === 'directory') return this.#directories(left, right);
    if (from === 'directory') return this.#files(join(left, baseName(right)), right);
    if (to === 'directory') return this.#files(left, join(right, baseName(left)));
    return this.#files(left, right);
  }

  #path(name: string): string {
    return resolvePath(this.#environment.cwd, name);
  }

  #typeOf(name: string): string | undefined {
    if (name === '-') return 'file';
    const { files } = this.#environment.machine;
    const path = this.#path(name);
    return files.exists(path) ? files.stat(files.realPath(path)).type : undefined;
  }

  async #directories(left: string, right: string): Promise<number> {
    const { files } = this.#environment.machine;
    const [own, others] = [files.list(this.#path(left)), files.list(this.#path(right))];
    let exit = SAME;
    for (const name of [...new Set([...own, ...others])].sort()) {
      const [a, b] = [join(left, name), join(right, name)];
      if ((!own.includes(name) || !others.includes(name)) && !this.#options.has('newFile')) {
        this.#io.stdout(`Only in ${own.includes(name) ? left : right}: ${name}\n`);
        exit = Math.max(exit, DIFFERENT);
        continue;
      }
      const [from, to] = [this.#typeOf(a), this.#typeOf(b)];
      if (from === 'directory' && to === 'directory') {
        if (this.#options.has('recursive')) exit = Math.max(exit, await this.#directories(a, b));
        else this.#io.stdout(`Common subdirectories: ${a} and ${b}\n`);
      } else exit = Math.max(exit, await this.#files(a, b, `diff ${[...this.#flags, a, b].join(' ')}\n`));
    }
    return exit;
  }

  async #files(left: string, right: string, title = ''): Promise<number> {
    const [from, to] = [await this.#side(left, 0), await this.#side(right, 1)];
    if (from === undefined || to === undefined) return TROUBLE;
    const { same, isIgnored } = comparer(this.#options);
    const edits = lineDiff(from.lines, to.lines, same);
    const isSame = edits.every(({ type, line }) => type === ' ' || isIgnored(line));
    if (isSame) {
      if (this.#options.has('identical')) this.#io.stdout(`Files ${left} and ${right} are identical\n`);
      else if (this.#options.has('sideBySide') && !this.#options.has('brief'))
        this.#io.stdout(this.#form(from, to, edits));
      return SAME;
    }
    const isBinary = [from, to].some(({ lines }) => lines.some((line) => line.includes('\0')));
    if (this.#options.has('brief')) this.#io.stdout(`Files ${left} and ${right} differ\n`);
    else if (isBinary && !this.#options.has('text'))
      this.#io.stdout(`Binary files ${left} and ${right} differ\n`);
    else this.#io.stdout(title + this.#form(from, to, edits));
    return DIFFERENT;
  }

  async #side(name: string, index: number): Promise<Side | undefined> {
    const { files } = this.#environment.machine;
    const path = this.#path(name);
    let text = '';
    let modified = this.#environment.clock.now();
    if (name === '-') text = await this.#io.stdin.readAll();
    else if (files.exists(path) || !this.#options.has('newFile')) {
      try {
        text = files.read(path);
        ({ modified } = files.stat(files.realPath(path)));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        this.#io.stderr(`diff: ${name}: ${error.message}\n`);
        return undefined;
      }
    } else modified = 0;
    const label = this.#labels[index];
    return {
      title: label ?? `${name}\t${timeText(modified)}`,
      lines: text.match(/[^\n]*\n|[^\n]+$/g) ?? [],
    };
  }
}

function formOf(options: Options): DiffForm {
  const count = (text: string | undefined) => (text === undefined || text === '' ? 3 : Number(text));
  if (options.has('sideBySide')) {
    return sideBySideForm(Number(options.get('width') ?? 130), {
      suppressCommon: options.has('suppressCommon'),
      leftColumn: options.has('leftColumn'),
    });
  }
  if (options.has('unified') || options.has('unifiedLines') || options.has('unifiedLong'))
    return unifiedForm(count(options.get('unifiedLines') ?? options.get('unifiedLong')));
  if (options.has('context') || options.has('contextLines'))
    return contextForm(count(options.get('contextLines')));
  return normalForm;
}

/** Which lines count as the same, and which differences count for nothing. */
function comparer(options: Options) {
  const shapes: ((line: string) => string)[] = [];
  if (options.has('stripCarriageReturns')) shapes.push((line) => line.replace(/\r\n$/, '\n'));
  if (options.has('ignoreAllSpace')) shapes.push((line) => line.replace(/\s+/g, ''));
  if (options.has('ignoreSpaceChange')) shapes.push((line) => line.replace(/\s+/g, ' ').trimEnd());
  if (options.has('ignoreTrailingSpace')) shapes.push((line) => line.trimEnd());
  if (options.has('ignoreCase')) shapes.push((line) => line.toLowerCase());
  const shape = (line: string) => shapes.reduce((text, one) => one(text), line);
  return {
    same:
      shapes.length === 0
        ? (a: string, b: string) => a === b
        : (a: string, b: string) => shape(a) === shape(b),
    isIgnored: (line: string) => options.has('ignoreBlankLines') && line.trim() === '',
  };
}

function join(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** "2026-11-26 10:00:00.123000000 +0000" */
function timeText(time: number): string {
  const text = new Date(time).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}000000 +0000`;
}
