import type { FileStat, FileSystem } from '../../../node/file-system.ts';
import { globPattern } from '../../text/glob.ts';
import { portablePattern } from '../../text/posix-pattern.ts';

/** A file that find has come to. */
export interface Visited {
  /** As it is shown: it begins with the starting point as that was named. */
  readonly shown: string;
  /** Where it lies. */
  readonly path: string;
  readonly start: string;
  readonly depth: number;
  readonly stat: FileStat;
  /** Nothing below it is visited. */
  prune(): void;
}

/** What tests and actions reach. */
export interface FindHost {
  readonly files: FileSystem;
  readonly now: number;
  resolve(path: string): string;
  say(text: string): void;
  complain(text: string): void;
  /** Runs a command in the working directory, or in another; true if it ended well. */
  execute(words: readonly string[], directory?: string): Promise<boolean>;
  /** Ends the search. */
  quit(): void;
}

type Test = (file: Visited) => boolean | Promise<boolean>;

/** An expression that is none; `message` is find's. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export interface Expression {
  readonly test: Test;
  readonly least: number;
  readonly most: number;
  readonly depthFirst: boolean;
  readonly followsLinks: boolean;
  /** Runs what `-exec … +` has gathered. */
  finish(): Promise<boolean>;
}

const TYPES: Readonly<Record<string, FileStat['type']>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  c: 'device',
};
const UNITS: Readonly<Record<string, number>> = { b: 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };
const DAY = 86_400_000;
const MINUTE = 60_000;
/** How many arguments `-exec … +` gives to one command. */
const BATCH = 5000;

/** Reads what follows the starting points. Throws {@link ExpressionError}. */
export function parseExpression(words: readonly string[], host: FindHost): Expression {
  return new ExpressionParser(words, host).run();
}

class ExpressionParser {
  readonly #words: readonly string[];
  readonly #host: FindHost;
  #at = 0;
  #least = 0;
  #most = Infinity;
  #depthFirst = false;
  #followsLinks = false;
  #acts = false;
  readonly #gathered: { readonly command: readonly string[]; readonly names: string[] }[] = [];

  constructor(words: readonly string[], host: FindHost) {
    this.#words = words;
    this.#host = host;
  }

  run(): Expression {
    const test = this.#words.length === 0 ? () => true : this.#list();
    if (this.#at < this.#words.length) {
      throw new ExpressionError(
        this.#words[this.#at] === ')'
          ? "invalid expression; you have too many ')'"
          : `paths must precede expression: \`${this.#words[this.#at]}'`,
      );
    }
    const host = this.#host;
    const shows: Test = async (file) => {
      if (await test(file)) host.say(`${file.shown}\n`);
      return true;
    };
    return {
      test: this.#acts ? test : shows,
      least: this.#least,
      most: this.#most,
      depthFirst: this.#depthFirst,
      followsLinks: this.#followsLinks,
      finish: async () => {
        let succeeded = true;
        for (const { command, names } of this.#gathered)
          for (let from = 0; from < names.length; from += BATCH)
            succeeded = (await host.execute([...command, ...names.slice(from, from + BATCH)])) && succeeded;
        return succeeded;
      },
    };
  }

  #peek(): string | undefined {
    return this.#words[this.#at];
  }

  /** `a , b` */
  #list(): Test {
    let test = this.#or();
    while (this.#peek() === ',') {
      this.#at++;
      const [first, second] = [test, this.#or()];
      test = async (file) => {
        await first(file);
        return second(file);
      };
    }
    return test;
  }

  #or(): Test {
    let test = this.#and();
    while (this.#peek() === '-o' || this.#peek() === '-or') {
      this.#at++;
      const [first, second] = [test, this.#and()];
      test = async (file) => (await first(file)) || second(file);
    }
    return test;
  }

  #and(): Test {
    let test = this.#not();
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next === ')' || next === ',' || next === '-o' || next === '-or') return test;
      if (next === '-a' || next === '-and') this.#at++;
      const [first, second] = [test, this.#not()];
      test = async (file) => (await first(file)) && second(file);
    }
  }

  #not(): Test {
    const word = this.#peek();
    if (word === '!' || word === '-not') {
      this.#at++;
      const test = this.#not();
      return async (file) => !(await test(file));
    }
    if (word === '(') {
      this.#at++;
      if (this.#peek() === ')')
        throw new ExpressionError('invalid expression; empty parentheses are not allowed.');
      const test = this.#list();
      if (this.#peek() !== ')')
        throw new ExpressionError(
          "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
        );
      this.#at++;
      return test;
    }
    return this.#primary();
  }

  #value(name: string): string {
    const value = this.#words[this.#at++];
    if (value === undefined) throw new ExpressionError(`missing argument to \`${name}'`);
    return value;
  }

  /** "+5": more than that, "-5": less, "5": just so. */
  #number(name: string, pattern = /^([+-]?)(\d+)()$/): { compare: (value: number) => boolean; unit: string } {
    const text = this.#value(name);
    const match = pattern.exec(text);
    if (match === null) throw new ExpressionError(`invalid argument \`${text}' to \`${name}'`);
    const [, sign, digits, unit = ''] = match;
    const limit = Number(digits);
    return {
      compare: (value) => (sign === '+' ? value > limit : sign === '-' ? value < limit : value === limit),
      unit,
    };
  }

  #primary(): Test {
    const name = this.#words[this.#at++];
    const { files, now } = this.#host;
    if (name === undefined) throw new ExpressionError('invalid expression; expected an expression');
    const base = ({ path, shown }: Visited) =>
      path === '/' ? '/' : shown.replace(/\/+$/, '').replace(/^.*\//, '');
    switch (name) {
      case '-true':
      case '-noleaf':
      case '-mount':
      case '-xdev':
        return () => true;
      case '-false':
        return () => false;
      case '-name':
      case '-iname': {
        const glob = globPattern(this.#value(name), name === '-iname');
        return (file) => glob.test(base(file));
      }
      case '-path':
      case '-wholename':
      case '-ipath':
      case '-iwholename': {
        const glob = globPattern(this.#value(name), name.startsWith('-i'));
        return ({ shown }) => glob.test(shown);
      }
      case '-regex':
      case '-iregex': {
        const { source } = portablePattern(this.#value(name), 'basic');
        const pattern = new RegExp(`^(?:${source})$`, name === '-iregex' ? 'sui' : 'su');
        return ({ shown }) => pattern.test(shown);
      }
      case '-regextype':
        this.#value(name);
        return () => true;
      case '-type':
      case '-xtype': {
        const letters = this.#value(name).split(',');
        const unknown = letters.find((letter) => !/^[bcdpflsD]$/.test(letter));
        if (unknown !== undefined) throw new ExpressionError(`Unknown argument to ${name}: ${unknown}`);
        return ({ stat }) => letters.some((letter) => TYPES[letter] === stat.type);
      }
      case '-empty':
        return ({ stat, path }) =>
          stat.type === 'directory' ? files.list(path).length === 0 : stat.type === 'file' && stat.size === 0;
      case '-size': {
        const { compare, unit } = this.#number(name, /^([+-]?)(\d+)([bcwkMG]?)$/);
        const size = UNITS[unit === '' ? 'b' : unit]!;
        return ({ stat }) => compare(Math.ceil(stat.size / size));
      }
      case '-mtime':
      case '-ctime':
      case '-atime': {
        const { compare } = this.#number(name);
        return ({ stat }) => compare(Math.floor((now - stat.modified) / DAY));
      }
      case '-mmin':
      case '-cmin':
      case '-amin': {
        const { compare } = this.#number(name);
        return ({ stat }) => compare(Math.ceil((now - stat.modified) / MINUTE));
      }
      case '-newer': {
        const other = this.#value(name);
        const path = this.#host.resolve(other);
        if (!files.exists(path)) throw new ExpressionError(`‘${other}’: No such file or directory`);
        const { modified } = files.stat(files.realPath(path));
        return ({ stat }) => stat.modified > modified;
      }
      case '-perm':
        return permissionTest(this.#value(name));
      case '-user':
      case '-group': {
        const wanted = this.#value(name);
        return ({ stat }) => (name === '-user' ? stat.owner : stat.group) === wanted;
      }
      case '-links': {
        const { compare } = this.#number(name);
        return ({ stat, path }) =>
          compare(
            stat.type === 'directory'
              ? 2 +
                  files.list(path).filter((child) => files.stat(`${path}/${child}`).type === 'directory')
                    .length
              : 1,
          );
      }
      case '-maxdepth':
      case '-mindepth': {
        const value = this.#value(name);
        if (!/^\d+$/.test(value))
          throw new ExpressionError(
            `Expected a positive decimal integer argument to ${name}, but got ‘${value}’`,
          );
        if (name === '-maxdepth') this.#most = Number(value);
        else this.#least = Number(value);
        return () => true;
      }
      case '-depth':
        this.#depthFirst = true;
        return () => true;
      case '-follow':
        this.#followsLinks = true;
        return () => true;
      case '-prune':
        return (file) => {
          file.prune();
          return true;
        };
      default:
        return this.#action(name);
    }
  }

  #action(name: string): Test {
    const host = this.#host;
    this.#acts = true;
    switch (name) {
      case '-print':
        return ({ shown }) => {
          host.say(`${shown}\n`);
          return true;
        };
      case '-print0':
        return ({ shown }) => {
          host.say(`${shown}\0`);
          return true;
        };
      case '-printf': {
        const format = this.#value(name);
        return (file) => {
          host.say(formatted(format, file, host));
          return true;
        };
      }
      case '-ls':
        return (file) => {
          host.say(`${formatted('%9i %6k %M %3n %-8u %-8g %8s %t %p', file, host)}\n`);
          return true;
        };
      case '-delete':
        this.#depthFirst = true;
        return ({ path, shown, stat, depth }) => {
          if (depth === 0 && shown === '.') return true;
          if (stat.type === 'directory' && host.files.list(path).length > 0) {
            host.complain(`cannot delete ‘${shown}’: Directory not empty`);
            return false;
          }
          host.files.remove(path, { recursive: true });
          return true;
        };
      case '-quit':
        return () => {
          host.quit();
          return true;
        };
      case '-exec':
      case '-execdir':
      case '-ok':
        return this.#command(name);
      default:
        throw new ExpressionError(
          name.startsWith('-') ? `unknown predicate \`${name}'` : `paths must precede expression: \`${name}'`,
        );
    }
  }

  #command(name: string): Test {
    const words: string[] = [];
    for (;;) {
      const word = this.#words[this.#at++];
      if (word === undefined) throw new ExpressionError(`missing argument to \`${name}'`);
      if (word === ';') break;
      if (word === '+' && words.at(-1) === '{}') {
        const gathered = { command: words.slice(0, -1), names: [] as string[] };
        this.#gathered.push(gathered);
        return ({ shown }) => {
          gathered.names.push(shown);
          return true;
        };
      }
      words.push(word);
    }
    if (words.length === 0) throw new ExpressionError(`missing argument to \`${name}'`);
    return ({ shown, path }) => {
      const isThere = name === '-execdir';
      const named = isThere ? `./${path.replace(/^.*\//, '')}` : shown;
      const directory = isThere ? path.replace(/\/[^/]*$/, '') || '/' : undefined;
      return this.#host.execute(
        words.map((word) => word.replaceAll('{}', named)),
        directory,
      );
    };
  }
}

/** `-perm 644`: just so, `-perm -644`: all of these, `-perm /222`: any of these. */
function permissionTest(text: string): Test {
  const match = /^([-/]?)([0-7]+)$/.exec(text);
  const symbolic = /^([-/]?)([ugoa]*)[+=]([rwxs]+)$/.exec(text);
  if (match === null && symbolic === null) throw new ExpressionError(`invalid mode ‘${text}’`);
  const [kind, bits] =
    match === null
      ? [symbolic![1], symbolicBits(symbolic![2]!, symbolic![3]!)]
      : [match[1], parseInt(match[2]!, 8)];
  return ({ stat: { mode } }) => {
    const own = mode & 0o7777;
    if (kind === '-') return (own & bits) === bits;
    return kind === '/' ? bits === 0 || (own & bits) !== 0 : own === bits;
  };
}

function symbolicBits(who: string, letters: string): number {
  const one = [...letters].reduce((bits, letter) => bits | ({ r: 4, w: 2, x: 1 }[letter] ?? 0), 0);
  const everybody = who === '' || who.includes('a');
  return ['u', 'g', 'o'].reduce((bits, part) => (bits << 3) | (everybody || who.includes(part) ? one : 0), 0);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TYPE_LETTERS = { file: 'f', directory: 'd', symlink: 'l', device: 'c' } as const;

/** What -printf shows of a file. */
function formatted(
  format: string,
  { shown, path, start, depth, stat }: Visited,
  { files }: FindHost,
): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', '0': '\0' };
  const values: Readonly<Record<string, () => string>> = {
    p: () => shown,
    f: () => shown.replace(/\/+$/, '').replace(/^.*\//, ''),
    h: () => (shown.includes('/') ? shown.replace(/\/[^/]*$/, '') : '.'),
    P: () => shown.slice(start.length).replace(/^\//, ''),
    H: () => start,
    s: () => String(stat.size),
    k: () => String(Math.ceil(stat.size / 1024)),
    d: () => String(depth),
    m: () => (stat.mode & 0o7777).toString(8),
    M: () => modeText(stat),
    u: () => stat.owner,
    g: () => stat.group,
    y: () => TYPE_LETTERS[stat.type],
    l: () => (stat.type === 'symlink' ? files.readLink(path) : ''),
    n: () => '1',
    i: () => '0',
    t: () => {
      const time = new Date(stat.modified);
      const clock = time.toISOString().slice(11, 16);
      return `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)} ${clock}`;
    },
    T: () => String(stat.modified / 1000),
  };
  return format.replace(
    /\\(.)|%(-?)(\d*)(?:T@|([a-zA-Z%]))/g,
    (whole, escape?: string, left?: string, width?: string, letter?: string) => {
      if (escape !== undefined) return escapes[escape] ?? whole;
      if (letter === '%') return '%';
      const value = values[letter ?? 'T']?.() ?? whole;
      return left === '-' ? value.padEnd(Number(width)) : value.padStart(Number(width));
    },
  );
}

function modeText({ type, mode }: FileStat): string {
  const letter = { file: '-', directory: 'd', symlink: 'l', device: 'c' }[type];
  const bits = [6, 3, 0].map((shift) => {
    const part = (mode >> shift) & 7;
    return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${part & 1 ? 'x' : '-'}`;
  });
  return letter + bits.join('');
}
