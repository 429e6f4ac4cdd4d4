import { FileError } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import type { Command, CommandEnvironment, Completion } from './command.ts';
import type { ShellSession } from './session.ts';

export interface CompletionContext {
  readonly session: ShellSession;
  /** Names of all commands. */
  readonly commands: readonly string[];
  program(name: string): Command | undefined;
  readonly environment: CommandEnvironment;
}

/** Where a command ends and the next begins. */
const SEPARATOR = /[|;&(]|\$\(/;
/** Characters that stand for themselves only behind a backslash. */
const SPECIAL = /[\s'"\\$`&|;<>()*?[\]{}!#]/g;

/**
 * What may stand at the end of `before`, the line up to the cursor: commands, what the command says
 * of its arguments, variables, files. A function of its inputs.
 */
export async function completeLine(before: string, context: CompletionContext): Promise<Completion> {
  const { words, from } = lastCommand(before);
  const partial = words.at(-1) ?? '';
  const done = (candidates: readonly string[], start = from): Completion => ({
    from: start,
    candidates: [...new Set(candidates)].sort(),
  });
  const variable = /\$(\w*)$/.exec(partial);
  if (variable !== null) {
    const names = [...context.session.variables.keys()].filter((name) => name.startsWith(variable[1]!));
    return done(
      names.map((name) => `$${name}`),
      before.length - variable[0].length,
    );
  }
  const isRedirection = />\s*$/.test(before.slice(0, from));
  if (words.length <= 1 && !isRedirection && !partial.includes('/')) {
    const names = [...context.commands, ...context.session.aliases.keys()];
    return done(names.filter((name) => name.startsWith(partial) && /^[\w.]/.test(name)));
  }
  const known = isRedirection ? undefined : await fromProgram(words, context);
  const candidates = known ?? files(partial, context);
  return done(candidates.filter((candidate) => candidate.startsWith(partial)));
}

/** The words of the command that the cursor is in, the last one unfinished, and where that begins. */
function lastCommand(before: string): { words: string[]; from: number } {
  let words: string[] = [];
  let word = '';
  let from = before.length;
  let started = false;
  let quote = '';
  for (let index = 0; index < before.length; index++) {
    const character = before[index]!;
    if (!started && !/\s/.test(character)) {
      started = true;
      from = index;
    }
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '\\') word += before[++index] ?? '';
    else if (character === "'" || character === '"') quote = character;
    else if (SEPARATOR.test(character)) {
      words = [];
      [word, started] = ['', false];
    } else if (/\s/.test(character)) {
      if (started) words.push(word);
      [word, started] = ['', false];
    } else word += character;
  }
  return { words: [...words, word], from: started ? from : before.length };
}

async function fromProgram(
  words: readonly string[],
  { session, program, environment }: CompletionContext,
): Promise<readonly string[] | undefined> {
  let rest = [...words];
  while (/^\w+=/.test(rest[0] ?? '')) rest = rest.slice(1);
  const [name = '', ...args] = rest;
  const alias = session.aliases.get(name);
  const expanded = alias === undefined ? [name] : alias.split(/\s+/);
  const target = session.completions.get(expanded[0]!) ?? expanded[0]!;
  const command = program(target);
  return command?.complete?.([...expanded.slice(1), ...args], environment);
}

/** Names of files that begin with `partial`; directories end with a slash. */
function files(partial: string, { environment, session }: CompletionContext): string[] {
  const slash = partial.lastIndexOf('/');
  const shown = partial.slice(0, slash + 1);
  const home = session.variables.get('HOME') ?? '/';
  const directory = resolvePath(environment.cwd, shown.replace(/^~(?=\/)/, home) || '.');
  const beginning = partial.slice(slash + 1);
  const { files: system } = environment.machine;
  try {
    return system
      .list(directory)
      .filter((name) => name.startsWith(beginning) && (beginning !== '' || !name.startsWith('.')))
      .map((name) => {
        const { type } = system.stat(system.realPath(`${directory}/${name}`));
        return shown + name.replace(SPECIAL, '\\$&') + (type === 'directory' ? '/' : '');
      });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}
