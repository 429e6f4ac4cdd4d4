import type { ShellProcess } from './shell-process.ts';
import type { Simple } from './syntax.ts';

/** The command with its alias put in; a text if that is more than one simple command. */
export function substituteAlias(
  shell: ShellProcess,
  node: Simple,
  seen: ReadonlySet<string> = new Set(),
): Simple | string {
  const [part, ...more] = node.name?.parts ?? [];
  if (part?.type !== 'Literal' || more.length > 0 || !shell.session.options.has('expand_aliases'))
    return node;
  const value = shell.session.aliases.get(part.value);
  if (value === undefined || seen.has(part.value)) return node;
  const [statement, ...others] = shell.host.parse(value).statements;
  const command = statement?.pipelines[0]?.commands[0];
  const isSimple =
    command?.type === 'SimpleCommand' && statement!.pipelines.length === 1 && others.length === 0;
  if (isSimple && statement!.pipelines[0]!.commands.length === 1 && !statement!.background) {
    const merged: Simple = {
      ...node,
      name: command.name,
      args: [...command.args, ...node.args],
      assignments: [...node.assignments, ...command.assignments],
      redirections: [...command.redirections, ...node.redirections],
    };
    return substituteAlias(shell, merged, new Set([...seen, part.value]));
  }
  const args = node.args.map((word) => word.parts.map((one) => ('value' in one ? one.value : '')).join(''));
  return [value, ...args].join(' ');
}
