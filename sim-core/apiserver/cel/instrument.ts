import type { ASTNode } from '@marcbachmann/cel-js';
import { ExpressionError } from './errors.ts';

/** How often the bodies of macros may run in one evaluation; upstream counts more finely. */
const BUDGET = 1_000_000;
const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** What one evaluation may still spend. */
export class Budget {
  #left = BUDGET;

  reset(): void {
    this.#left = BUDGET;
  }

  spend(): void {
    if (--this.#left < 0) throw new ExpressionError('operation cancelled: actual cost limit exceeded');
  }
}

/**
 * Prepares a parsed expression, before it is checked: its patterns run on RE2, and loops within loops end
 * when the budget is spent. Changes the nodes.
 *
 * Models the cost limit of pkg/apis/cel/config.go PerCallLimit.
 */
export function instrument(node: ASTNode, budget: Budget): void {
  if (node.op === 'rcall') {
    const call = node.args as [string, ASTNode, ASTNode[]];
    if (call[0] === 'matches') call[0] = 're2matches';
    if (MACROS.has(call[0])) for (const body of call[2].slice(1)) countRuns(body, budget);
  }
  for (const inner of nodesIn(node.args)) instrument(inner, budget);
}

/** True if a variable of this name stands anywhere in the expression. */
export function mentions(node: ASTNode, variable: string): boolean {
  if (node.op === 'id' && node.args === variable) return true;
  for (const inner of nodesIn(node.args)) if (mentions(inner, variable)) return true;
  return false;
}

function* nodesIn(args: unknown): Iterable<ASTNode> {
  if (Array.isArray(args)) for (const item of args) yield* nodesIn(item);
  else if (typeof args === 'object' && args !== null && 'op' in args) yield args as ASTNode;
}

/** A node replaces its own `evaluate` on the first run: each look at it is one run. */
function countRuns(node: ASTNode, budget: Budget): void {
  const holder = node as unknown as { evaluate: (...args: unknown[]) => unknown };
  let { evaluate } = holder;
  Object.defineProperty(holder, 'evaluate', {
    get() {
      budget.spend();
      return evaluate;
    },
    set(value: typeof evaluate) {
      evaluate = value;
    },
  });
}
