import type { CommandNode, Script, Statement } from './syntax.ts';

/**
 * Makes `((…))` arithmetic where the parser took it for a subshell in a subshell: `((!x))`, `((x /= 2))`. Two
 * parentheses that stand apart, `( (…) )`, are subshells. Changes the tree.
 */
export function resolveDoubleParentheses({ statements }: Script): void {
  for (const statement of statements) resolve(statement);
}

function resolve(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) resolve(one);
  if (typeof node !== 'object' || node === null) return;
  if (isStatement(node)) {
    for (const { commands } of node.pipelines) {
      for (const [index, command] of commands.entries()) {
        const text = doubled(command, node.sourceText ?? '');
        if (text !== undefined) commands[index] = arithmetic(text, command);
      }
    }
  }
  for (const value of Object.values(node)) resolve(value);
}

function isStatement(node: object): node is Statement {
  return (node as { type?: string }).type === 'Statement';
}

/** What stands between the parentheses of `((…))` within `source`; undefined if the command is something else. */
function doubled(command: CommandNode, source: string): string | undefined {
  if (command.type !== 'Subshell' || command.body.length !== 1) return undefined;
  const [{ pipelines, sourceText: inner = '' }] = command.body as [Statement];
  const [only, another] = pipelines.flatMap(({ commands }) => commands);
  if (only?.type !== 'Subshell' || another !== undefined || pipelines[0]!.negated) return undefined;
  return source.includes(`(${inner})`) ? /^\(([^]*)\)$/.exec(inner)?.[1] : undefined;
}

function arithmetic(text: string, { redirections }: CommandNode): CommandNode {
  return {
    type: 'ArithmeticCommand',
    redirections,
    expression: {
      type: 'ArithmeticExpression',
      expression: { type: 'ArithNumber', value: 0 },
      originalText: text,
    },
  };
}
