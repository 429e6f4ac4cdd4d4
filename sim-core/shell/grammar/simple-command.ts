import { substituteAlias } from './alias-substitution.ts';
import { outputOf } from './descriptors.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Simple } from './syntax.ts';

/** Builtins whose arguments are assignments. */
const DECLARATIONS = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'alias']);

/** Expands a simple command, opens its files and runs it; gives its exit code. */
export async function runSimpleCommand(shell: ShellProcess, node: Simple): Promise<number> {
  const { substitution } = shell;
  const aliased = substituteAlias(shell, node);
  if (typeof aliased === 'string') return shell.evaluate(aliased);
  const { name, args, assignments, redirections } = aliased;
  substitution.used = false;
  const words = name === null ? [] : await shell.words.fields([name]);
  const declares = DECLARATIONS.has(words[0] ?? '');
  if (declares) {
    for (const word of args) words.push(...(await shell.assignments.declaration(word, words)));
  } else for (const field of await shell.words.fields(args)) words.push(field);
  if (words[0] === 'exec' && words.length === 1) {
    shell.descriptors = await shell.redirector.open(redirections, shell.descriptors);
    return 0;
  }
  return shell.redirector.within(redirections, async () => {
    if (words.length === 0) {
      shell.arrive();
      for (const assignment of assignments) await shell.assignments.assign(assignment);
      return substitution.used ? shell.session.lastExit : 0;
    }
    const given: Record<string, string> = {};
    for (const { name: variable, value } of assignments)
      given[variable] = value === null ? '' : await shell.words.text(value);
    traceCommand(shell, words, given);
    return shell.invoke(words, { variables: given });
  });
}

/** What `set -x` shows. */
function traceCommand(
  shell: ShellProcess,
  words: readonly string[],
  given: Readonly<Record<string, string>>,
): void {
  if (!shell.session.options.has('xtrace')) return;
  const shown = [
    ...Object.entries(given).map(([key, value]) => `${key}=${value}`),
    ...words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
  ];
  outputOf(shell.descriptors, 2).write(`+ ${shown.join(' ')}\n`);
}
