import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput, textInput } from '../../node/pipe.ts';
import { type Descriptors, inputOf, type Output, outputOf, withDescriptor } from './descriptors.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Redirection, Script, Word } from './syntax.ts';

/** A file that cannot be opened: the command is not run. `message` is bash's, without its name. */
export class RedirectionProblem extends Error {}

/** The first descriptor that bash gives to files that it opens itself. */
const FIRST_OWN = 10;
const FIRST_SUBSTITUTE = 63;

/** Opens files for commands, and closes them. */
export class Redirector {
  readonly #shell: ShellProcess;
  /** What the commands of process substitutions wrote, or will read, by path. */
  readonly #substitutes: string[] = [];

  constructor(shell: ShellProcess) {
    this.#shell = shell;
  }

  /** Runs `work` with the files open; says what cannot be opened and gives 1. */
  async within(redirections: readonly Redirection[], work: () => Promise<number>): Promise<number> {
    const mark = this.#substitutes.length;
    const { descriptors } = this.#shell;
    try {
      this.#shell.descriptors = await this.open(redirections, descriptors);
      return await work();
    } catch (error) {
      if (!(error instanceof RedirectionProblem)) throw error;
      this.#shell.descriptors = descriptors;
      this.#shell.say(error.message);
      return 1;
    } finally {
      if (redirections.length > 0) this.#shell.descriptors = descriptors;
      const { files } = this.#shell.session.machine;
      for (const path of this.#substitutes.splice(mark)) if (files.exists(path)) files.remove(path);
    }
  }

  /** The descriptors with the files open. Throws a {@link RedirectionProblem}. */
  async open(redirections: readonly Redirection[], descriptors: Descriptors): Promise<Descriptors> {
    let own = descriptors;
    for (const redirection of redirections) own = await this.#open(redirection, own);
    return own;
  }

  /** The text of the file that a word names. */
  async contents(word: Word): Promise<string> {
    return this.#shell.readFile(await this.#shell.words.text(word));
  }

  /** The file of `<(…)`: what the commands write; of `>(…)`: what they will read. */
  async substitute(script: Script, direction: 'input' | 'output'): Promise<string> {
    const { files } = this.#shell.session.machine;
    const path = `/dev/fd/${FIRST_SUBSTITUTE - this.#substitutes.length}`;
    files.makeDirectory('/dev/fd', { parents: true });
    this.#substitutes.push(path);
    let text = '';
    if (direction === 'input') {
      const own = withDescriptor(this.#shell.descriptors, 1, { write: (piece) => void (text += piece) });
      await this.#shell.fork(own).run(script);
    }
    files.write(path, text);
    return path;
  }

  async #open(redirection: Redirection, descriptors: Descriptors): Promise<Descriptors> {
    const { operator, target, fdVariable } = redirection;
    const { words, variables } = this.#shell;
    let number = redirection.fd ?? (operator.startsWith('<') ? 0 : 1);
    if (fdVariable !== undefined) {
      number = FIRST_OWN;
      while (descriptors.has(number)) number++;
      variables.set(fdVariable, String(number));
    }
    if (target.type === 'HereDoc') {
      const text = await words.text(target.stripTabs ? withoutTabs(target.content) : target.content);
      return withDescriptor(descriptors, number, textInput(text));
    }
    if (operator === '<<<')
      return withDescriptor(descriptors, number, textInput(`${await words.text(target)}\n`));
    const fields = await words.fields([target]);
    if (fields.length !== 1) throw new RedirectionProblem(`${sourceOf(target)}: ambiguous redirect`);
    const [path = ''] = fields;
    switch (operator) {
      case '<':
      case '<>':
        return withDescriptor(descriptors, number, this.#input(path, descriptors));
      case '>&':
      case '<&': {
        if (path === '-') {
          const closed = new Map(descriptors);
          closed.delete(number);
          return closed;
        }
        const digits = /^(\d+)-?$/.exec(path);
        if (digits === null) {
          if (operator === '<&') throw new RedirectionProblem(`${path}: ambiguous redirect`);
          const output = this.#output(path, false, descriptors);
          return withDescriptor(withDescriptor(descriptors, 1, output), 2, output);
        }
        const source = descriptors.get(Number(digits[1]));
        if (source === undefined) throw new RedirectionProblem(`${digits[1]}: Bad file descriptor`);
        return withDescriptor(descriptors, number, source);
      }
      case '&>':
      case '&>>': {
        const output = this.#output(path, operator === '&>>', descriptors);
        return withDescriptor(withDescriptor(descriptors, 1, output), 2, output);
      }
      default: {
        if (operator === '>') this.#refuseOverwrite(path);
        return withDescriptor(descriptors, number, this.#output(path, operator === '>>', descriptors));
      }
    }
  }

  #refuseOverwrite(path: string): void {
    const { session } = this.#shell;
    const { files } = session.machine;
    const full = resolvePath(session.cwd, path);
    if (!session.options.has('noclobber') || !files.exists(full)) return;
    if (files.stat(files.realPath(full)).type === 'file' && !full.startsWith('/dev/'))
      throw new RedirectionProblem(`${path}: cannot overwrite existing file`);
  }

  #input(path: string, descriptors: Descriptors): LineInput {
    const device = /^\/dev\/(?:stdin$|fd\/(\d+)$)/.exec(path);
    if (device !== null && descriptors.has(Number(device[1] ?? 0)))
      return inputOf(descriptors, Number(device[1] ?? 0));
    return new LineInput(this.#shell.openFile(path));
  }

  #output(path: string, append: boolean, descriptors: Descriptors): Output {
    const device = /^\/dev\/(?:(stdout)|(stderr)|tty|fd\/(\d+))$/.exec(path);
    if (device !== null) {
      const number = device[2] !== undefined ? 2 : Number(device[3] ?? 1);
      if (descriptors.has(number)) return outputOf(descriptors, number);
    }
    const { session } = this.#shell;
    const { files } = session.machine;
    const full = resolvePath(session.cwd, path);
    try {
      if (append) files.append(full, '');
      else files.write(full, '');
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new RedirectionProblem(`${path}: ${error.message}`);
    }
    return {
      write(text) {
        if (text !== '' && (full === '/dev/null' || files.exists(full))) files.append(full, text);
      },
    };
  }
}

/** The text of `<<-`: tabs at the beginning of lines are left out. */
function withoutTabs({ parts }: Word): Word {
  return {
    type: 'Word',
    parts: parts.map((part, index) => {
      if (part.type !== 'Literal') return part;
      const value = part.value.replace(/(\n)\t+/g, '$1');
      return { ...part, value: index === 0 ? value.replace(/^\t+/, '') : value };
    }),
  };
}

function sourceOf({ parts }: Word): string {
  return parts
    .map((part) =>
      part.type === 'ParameterExpansion' ? `$${part.parameter}` : 'value' in part ? part.value : '*',
    )
    .join('');
}
