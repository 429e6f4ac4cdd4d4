import type { Bash } from 'just-bash';

/** The argument lists of the commands of one pipeline, as far as they are plain words. */
export type PipelineWords = readonly (readonly string[])[];

interface Node {
  readonly type?: string;
  readonly [field: string]: unknown;
}

/**
 * The pipelines of two and more commands in a script. They run at the same time, so each sees the
 * others in the process table: `ps aux | grep x` finds the grep as well.
 */
export function pipelinesOf(
  bash: Bash,
  script: string,
  aliases: ReadonlyMap<string, string>,
): PipelineWords[] {
  const pipelines: PipelineWords[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as Node;
    if (node.type === 'Pipeline') {
      const commands = node.commands as readonly Node[];
      if (commands.length > 1) pipelines.push(commands.map((command) => argumentsOf(command, aliases)));
    }
    Object.values(node).forEach(visit);
  };
  try {
    visit(bash.transform(script).ast);
  } catch {
    return []; // A syntax error: running the script says it.
  }
  return pipelines;
}

function argumentsOf(command: Node, aliases: ReadonlyMap<string, string>): readonly string[] {
  if (command.type !== 'SimpleCommand' || command.name === null) return [];
  const [name = '', ...rest] = [command.name, ...(command.args as readonly unknown[])].map(wordText);
  const alias = aliases.get(name);
  return alias === undefined ? [name, ...rest] : [...alias.split(' '), ...rest];
}

function wordText(value: unknown): string {
  const { parts } = value as { readonly parts: readonly Node[] };
  return parts
    .map((part) => ('parts' in part ? wordText(part) : String(part.value ?? part.text ?? '')))
    .join('');
}
