import { compareFiles, numericTest, unaryTest } from './conditions.ts';
import { ExpansionProblem } from './leave.ts';
import { patternMatcher } from './pattern.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Conditional } from './syntax.ts';

/** Runs `[[ … ]]`; gives its exit code. */
export async function runConditional(shell: ShellProcess, expression: Conditional): Promise<number> {
  try {
    return Number(!(await holds(shell, expression)));
  } catch (error) {
    if (!(error instanceof ExpansionProblem)) throw error;
    shell.say(error.message);
    return 1;
  }
}

async function holds(shell: ShellProcess, node: Conditional): Promise<boolean> {
  switch (node.type) {
    case 'CondAnd':
      return (await holds(shell, node.left)) && (await holds(shell, node.right));
    case 'CondOr':
      return (await holds(shell, node.left)) || (await holds(shell, node.right));
    case 'CondNot':
      return !(await holds(shell, node.operand));
    case 'CondGroup':
      return holds(shell, node.expression);
    case 'CondWord':
      return (await shell.words.text(node.word)) !== '';
    case 'CondUnary': {
      const operand = await shell.words.text(node.operand);
      return unaryTest(node.operator, operand, shell.conditions()) === true;
    }
    case 'CondBinary':
      return compare(shell, node);
  }
}

async function compare(
  shell: ShellProcess,
  { operator, left, right }: Extract<Conditional, { type: 'CondBinary' }>,
): Promise<boolean> {
  const text = await shell.words.text(left);
  const flags = shell.session.options.has('nocasematch') ? 'i' : '';
  const numeric = numericTest(operator);
  if (numeric !== undefined) {
    const other = await shell.words.text(right);
    const [a, b] = [
      await shell.words.arithmeticText(text || '0'),
      await shell.words.arithmeticText(other || '0'),
    ];
    return numeric(a, b);
  }
  switch (operator) {
    case '=':
    case '==':
    case '!=': {
      const matches = patternMatcher(await shell.words.pattern(right), flags).test(text);
      return matches === (operator !== '!=');
    }
    case '=~': {
      const source = await shell.words.regularExpression(right);
      const match = new RegExp(extendedExpression(source), `s${flags}`).exec(text);
      const { elements } = shell.variables.newArray('BASH_REMATCH');
      for (const [index, group] of (match ?? []).entries()) elements.set(String(index), group ?? '');
      return match !== null;
    }
    case '<':
      return text < (await shell.words.text(right));
    case '>':
      return text > (await shell.words.text(right));
    default:
      return compareFiles(operator, text, await shell.words.text(right), shell.session) === true;
  }
}

/** A POSIX extended regular expression as JavaScript's. */
function extendedExpression(source: string): string {
  const classes: Readonly<Record<string, string>> = {
    alpha: 'A-Za-z',
    digit: '0-9',
    alnum: 'A-Za-z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    space: '\\s',
    blank: ' \\t',
    punct: '!-\\/:-@\\[-`{-~',
    xdigit: '0-9A-Fa-f',
  };
  return source.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
}
