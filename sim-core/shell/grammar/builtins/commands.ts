import type { ShellProcess } from '../shell-process.ts';
import type { GrammarBuiltin } from './builtin.ts';

type Kind = 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
const KEYWORDS = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(
    ' ',
  ),
);

function kindOf(shell: ShellProcess, name: string): Kind | undefined {
  if (shell.session.aliases.has(name)) return 'alias';
  if (KEYWORDS.has(name)) return 'keyword';
  if (shell.session.functions.has(name)) return 'function';
  if ((shell.hasBuiltin(name) && !PROGRAMS.has(name)) || shell.host.isBuiltin(name)) return 'builtin';
  return shell.host.isCommand(name) || PROGRAMS.has(name) ? 'file' : undefined;
}

/** Programs that the shell runs in itself all the same. */
const PROGRAMS = new Set(['bash', 'sh']);

export const typeBuiltin: GrammarBuiltin = (shell, args) => {
  let exit = 0;
  const options = args.filter((argument) => /^-[aftpP]+$/.test(argument)).join('');
  for (const name of args.filter((argument) => !/^-[aftpP]+$/.test(argument))) {
    const kind = kindOf(shell, name);
    if (kind === undefined) {
      if (!/[tpP]/.test(options)) shell.say(`type: ${name}: not found`);
      exit = 1;
    } else if (options.includes('t')) shell.output.write(`${kind}\n`);
    else if (/[pP]/.test(options)) {
      if (kind === 'file') shell.output.write(`/usr/bin/${name}\n`);
    } else shell.output.write(`${name} ${description(shell, kind, name)}\n`);
  }
  return exit;
};

function description(shell: ShellProcess, kind: Kind, name: string): string {
  switch (kind) {
    case 'alias':
      return `is aliased to \`${shell.session.aliases.get(name)}'`;
    case 'keyword':
      return 'is a shell keyword';
    case 'function':
      return 'is a function';
    case 'builtin':
      return 'is a shell builtin';
    case 'file':
      return `is /usr/bin/${name}`;
  }
}

/** `command -v name` looks a name up; `command name …` runs it, functions left out. */
export const commandBuiltin: GrammarBuiltin = async (shell, args) => {
  if (args[0] === '-p') return commandBuiltin(shell, args.slice(1));
  if (args.length === 0) return 0;
  if (args[0] !== '-v' && args[0] !== '-V') return shell.invoke(args, { functions: false });
  let exit = 1;
  for (const name of args.slice(1)) {
    const kind = kindOf(shell, name);
    if (kind === undefined) {
      if (args[0] === '-V') shell.say(`command: ${name}: not found`);
      continue;
    }
    exit = 0;
    if (args[0] === '-V') shell.output.write(`${name} ${description(shell, kind, name)}\n`);
    else if (kind === 'alias') shell.output.write(`alias ${name}='${shell.session.aliases.get(name)}'\n`);
    else shell.output.write(kind === 'file' ? `/usr/bin/${name}\n` : `${name}\n`);
  }
  return exit;
};

export const builtinBuiltin: GrammarBuiltin = async (shell, args) => {
  const [name] = args;
  if (name === undefined) return 0;
  if (shell.hasBuiltin(name) || shell.host.isBuiltin(name)) return shell.invoke(args, { functions: false });
  shell.say(`builtin: ${name}: not a shell builtin`);
  return 1;
};
