import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { LineInput } from '../../../node/pipe.ts';
import type { ProgramEnvironment } from '../../../node/program.ts';
import type { Userland } from '../userland.ts';

/** How a tool says that a file cannot be opened: "cat: can't open 'x'", "head: x". */
type Complaint = 'open' | 'name';

/** Words that GNU's tools have and busybox has not. */
const GNU: Readonly<Record<string, (path: string) => string>> = {
  head: (path) => `cannot open '${path}' for reading`,
  tail: (path) => `cannot open '${path}' for reading`,
  sed: (path) => `can't read ${path}`,
  sort: (path) => `cannot read: ${path}`,
};

/** One of the inputs of a tool: a file, a device, or what the tool was given to read (`name` is empty then). */
export interface NamedInput {
  readonly name: string;
  readonly input: LineInput;
}

/**
 * The inputs that a command line names, opened one after the other as they are asked for; standard input if it
 * names none. A file that cannot be opened is said in the words of the family, left out, and counted.
 */
export class Inputs {
  readonly #environment: ProgramEnvironment;
  readonly #paths: readonly string[];
  readonly #family: Userland;
  readonly #complaint: Complaint;
  #failed = 0;

  constructor(
    environment: ProgramEnvironment,
    paths: readonly string[],
    family: Userland,
    complaint: Complaint = 'open',
  ) {
    this.#environment = environment;
    this.#paths = paths;
    this.#family = family;
    this.#complaint = complaint;
  }

  /** True if some file could not be opened. */
  get failed(): boolean {
    return this.#failed > 0;
  }

  get count(): number {
    return Math.max(1, this.#paths.length);
  }

  *[Symbol.iterator](): Generator<NamedInput> {
    const { files, cwd, stdin } = this.#environment;
    if (this.#paths.length === 0) yield { name: '', input: inputOf(stdin) };
    for (const path of this.#paths) {
      if (path === '-' || path === '/dev/stdin') {
        yield { name: '-', input: inputOf(stdin) };
        continue;
      }
      let input: LineInput;
      try {
        input = new LineInput(files.open(resolvePath(cwd, path)));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        this.#complain(path, error);
        continue;
      }
      yield { name: path, input };
    }
  }

  /** Every line of all of them, without its newline. */
  async *lines(): AsyncGenerator<string> {
    for (const { input } of this) {
      for (let line = await input.readLine(); line !== undefined; line = await input.readLine()) yield line;
    }
  }

  /** The text of all of them. */
  async text(): Promise<string> {
    let text = '';
    for (const { input } of this) text += await input.readAll();
    return text;
  }

  #complain(path: string, error: FileError): void {
    this.#failed++;
    const { argv, stderr } = this.#environment;
    const tool = (argv[0] ?? '').replace(/^.*\//, '');
    stderr(`${tool}: ${this.#words(tool, path, error)}\n`);
  }

  #words(tool: string, path: string, error: FileError): string {
    if (this.#family === 'debian') {
      if (error.code === 'EISDIR' && (tool === 'head' || tool === 'tail'))
        return `error reading '${path}': ${error.message}`;
      return `${error.code === 'EISDIR' ? path : (GNU[tool]?.(path) ?? path)}: ${error.message}`;
    }
    if (error.code === 'EISDIR') return `read error: ${error.message}`;
    return `${this.#complaint === 'open' ? `can't open '${path}'` : path}: ${error.message}`;
  }
}

/** A shell gives what it has read already; what a tool leaves is then the next one's. */
function inputOf(stdin: ProgramEnvironment['stdin']): LineInput {
  return stdin instanceof LineInput ? stdin : new LineInput(stdin);
}
