import type { ShellProcess } from '../shell-process.ts';
import type { GrammarBuiltin } from './builtin.ts';

/** The variable that holds the directories below the current one. */
const STACK = 'DIRSTACK';

function stackOf(shell: ShellProcess): string[] {
  return shell.variables.entries(STACK).map(([, directory]) => directory);
}

function keep(shell: ShellProcess, directories: readonly string[]): void {
  const { elements } = shell.variables.newArray(STACK);
  for (const [index, directory] of directories.entries()) elements.set(String(index), directory);
}

export const dirs: GrammarBuiltin = (shell, args) => {
  if (args[0] === '-c') {
    keep(shell, []);
    return 0;
  }
  const home = shell.variables.get('HOME') ?? '/root';
  const shown = [shell.session.cwd, ...stackOf(shell)].map((directory) =>
    directory === home || directory.startsWith(`${home}/`) ? `~${directory.slice(home.length)}` : directory,
  );
  shell.output.write(`${shown.join(' ')}\n`);
  return 0;
};

export const pushd: GrammarBuiltin = async (shell, args) => {
  const { cwd } = shell.session;
  const stack = stackOf(shell);
  const [target = stack[0]] = args;
  if (target === undefined) {
    shell.say('pushd: no other directory');
    return 1;
  }
  const exit = await shell.login('cd', [target]);
  if (exit !== 0) return exit;
  keep(shell, [cwd, ...(args.length === 0 ? stack.slice(1) : stack)]);
  return dirs(shell, []);
};

export const popd: GrammarBuiltin = async (shell) => {
  const [target, ...rest] = stackOf(shell);
  if (target === undefined) {
    shell.say('popd: directory stack empty');
    return 1;
  }
  const exit = await shell.login('cd', [target]);
  if (exit !== 0) return exit;
  keep(shell, rest);
  return dirs(shell, []);
};
