import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { ShellSession } from '../session.ts';
import type { Variables } from './variables.ts';

export interface ConditionContext {
  readonly session: ShellSession;
  readonly variables: Variables;
  /** Is this descriptor a terminal? */
  isTerminal(descriptor: number): boolean;
}

/** `-f x`, `-z x` and the like; undefined if there is no such test. */
export function unaryTest(operator: string, operand: string, context: ConditionContext): boolean | undefined {
  const { session, variables } = context;
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-t':
      return context.isTerminal(Number(operand));
    case '-v': {
      const element = /^(\w+)\[(.*)\]$/.exec(operand);
      if (element === null) return variables.entries(operand).length > 0;
      return variables.entries(element[1]!).some(([key]) => key === element[2]);
    }
    case '-o':
      return session.options.has(operand);
    default:
      return fileTest(operator, operand, session);
  }
}

function fileTest(operator: string, operand: string, { machine, cwd }: ShellSession): boolean | undefined {
  if (!/^-[abcdefghkprsuwxGLNOS]$/.test(operator)) return undefined;
  const { files } = machine;
  const path = resolvePath(cwd, operand);
  try {
    if (operand === '') return false;
    if (operator === '-L' || operator === '-h') return files.stat(path).type === 'symlink';
    const { type, mode, size } = files.stat(files.realPath(path));
    switch (operator) {
      case '-d':
        return type === 'directory';
      case '-f':
        return type === 'file' && !path.startsWith('/dev/');
      case '-s':
        return size > 0;
      case '-x':
        return type === 'directory' || (mode & 0o111) !== 0;
      case '-c':
        return path.startsWith('/dev/');
      case '-b':
      case '-p':
      case '-S':
        return false;
      case '-u':
        return (mode & 0o4000) !== 0;
      case '-g':
        return (mode & 0o2000) !== 0;
      case '-k':
        return (mode & 0o1000) !== 0;
      default:
        return true;
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return false;
  }
}

/** `a -nt b`, `a -ef b`: comparisons of files; undefined if it is none. */
export function compareFiles(
  operator: string,
  left: string,
  right: string,
  { machine, cwd }: ShellSession,
): boolean | undefined {
  if (!['-nt', '-ot', '-ef'].includes(operator)) return undefined;
  const { files } = machine;
  const modified = (path: string) => {
    const full = resolvePath(cwd, path);
    return files.exists(full) ? files.stat(files.realPath(full)).modified : undefined;
  };
  if (operator === '-ef') {
    const [a, b] = [left, right].map((path) => resolvePath(cwd, path));
    return files.exists(a!) && files.exists(b!) && files.realPath(a!) === files.realPath(b!);
  }
  const [a, b] = operator === '-nt' ? [modified(left), modified(right)] : [modified(right), modified(left)];
  return a !== undefined && (b === undefined || a > b);
}

const NUMERIC: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

export function numericTest(operator: string): ((a: bigint, b: bigint) => boolean) | undefined {
  return NUMERIC[operator];
}

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** What is wrong with the words of `test`; `message` is bash's. */
export class TestProblem extends Error {}

/** `test …` and `[ … ]`. Throws a {@link TestProblem}. Models bash's test.c. */
export function test(words: readonly string[], context: ConditionContext): boolean {
  return new TestParser(words, context).run();
}

const BINARY = ['=', '==', '!=', '<', '>', ...Object.keys(NUMERIC), '-nt', '-ot', '-ef'];

class TestParser {
  readonly #words: readonly string[];
  readonly #context: ConditionContext;
  #position = 0;

  constructor(words: readonly string[], context: ConditionContext) {
    this.#words = words;
    this.#context = context;
  }

  run(): boolean {
    const words = this.#words;
    switch (words.length) {
      case 0:
        return false;
      case 1:
        return words[0] !== '';
      case 2: {
        if (words[0] === '!') return words[1] === '';
        const result = unaryTest(words[0]!, words[1]!, this.#context);
        if (result === undefined) throw new TestProblem(`${words[0]}: unary operator expected`);
        return result;
      }
      case 3:
        if (BINARY.includes(words[1]!)) return this.#binary(words[0]!, words[1]!, words[2]!);
        if (words[1] === '-a') return words[0] !== '' && words[2] !== '';
        if (words[1] === '-o') return words[0] !== '' || words[2] !== '';
        if (words[0] === '!') return !test(words.slice(1), this.#context);
        if (words[0] === '(' && words[2] === ')') return words[1] !== '';
        throw new TestProblem(`${words[1]}: binary operator expected`);
    }
    const result = this.#or();
    if (this.#position < words.length) throw new TestProblem('too many arguments');
    return result;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#words[this.#position] === '-o') {
      this.#position++;
      result = this.#and() || result;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#term();
    while (this.#words[this.#position] === '-a') {
      this.#position++;
      result = this.#term() && result;
    }
    return result;
  }

  #term(): boolean {
    const words = this.#words;
    const word = words[this.#position];
    if (word === undefined) throw new TestProblem('argument expected');
    if (word === '!') {
      this.#position++;
      return !this.#term();
    }
    if (BINARY.includes(words[this.#position + 1] ?? '')) {
      this.#position += 3;
      const right = words[this.#position - 1];
      if (right === undefined) throw new TestProblem('argument expected');
      return this.#binary(word, words[this.#position - 2]!, right);
    }
    if (word === '(') {
      this.#position++;
      const result = this.#or();
      if (words[this.#position++] !== ')') throw new TestProblem("`)' expected");
      return result;
    }
    if (/^-[a-zA-Z]$/.test(word) && this.#position + 1 < words.length) {
      const result = unaryTest(word, words[this.#position + 1]!, this.#context);
      if (result !== undefined) {
        this.#position += 2;
        return result;
      }
    }
    this.#position++;
    return word !== '';
  }

  #binary(left: string, operator: string, right: string): boolean {
    const numeric = NUMERIC[operator];
    if (numeric !== undefined) return numeric(integer(left), integer(right));
    switch (operator) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      default:
        return compareFiles(operator, left, right, this.#context.session) === true;
    }
  }
}

function integer(text: string): bigint {
  const value = /^\s*[+-]?\d+\s*$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || value < MIN || value > MAX)
    throw new TestProblem(`${text}: integer expression expected`);
  return value;
}
