import { ExpansionProblem } from './leave.ts';
import type { ArithmeticNode } from './syntax.ts';
import type { Variables } from './variables.ts';

export interface ArithmeticContext {
  readonly variables: Variables;
  /** The value of `$x`, `$1`, `$#`, …. */
  parameter(name: string): string;
  /** Expands the text of `${…}` or of a subscript as in double quotes. */
  expand(text: string): Promise<string>;
  /** What `$(…)` writes. */
  output(script: string): Promise<string>;
  /** Parses the text of an expression. */
  parse(text: string): ArithmeticNode;
}

/** How deep the values of variables may be expressions. */
const MAX_DEPTH = 100;
const wrap = (value: bigint) => BigInt.asIntN(64, value);

const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => a >> (b & 63n),
  '<': (a, b) => BigInt(a < b),
  '<=': (a, b) => BigInt(a <= b),
  '>': (a, b) => BigInt(a > b),
  '>=': (a, b) => BigInt(a >= b),
  '==': (a, b) => BigInt(a === b),
  '!=': (a, b) => BigInt(a !== b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  ',': (_, b) => b,
};

/** Names and numbers are put together of expansions: the text must be expanded first. */
export class DynamicExpression extends Error {}

/** Evaluates `$((…))` in 64 bits. Throws an {@link ExpansionProblem} with bash's words. */
export class ArithmeticEvaluator {
  readonly #context: ArithmeticContext;
  readonly #text: string;
  #depth = 0;

  constructor(context: ArithmeticContext, text: string) {
    this.#context = context;
    this.#text = text;
  }

  async evaluate(node: ArithmeticNode): Promise<bigint> {
    switch (node.type) {
      case 'ArithNumber':
        if (!Number.isFinite(node.value)) throw new DynamicExpression();
        return BigInt(Math.trunc(node.value));
      case 'ArithVariable':
        return this.#valueOf(
          node.hasDollarPrefix === true
            ? this.#context.parameter(node.name)
            : this.#context.variables.get(node.name),
        );
      case 'ArithSpecialVar':
        return this.#valueOf(this.#context.parameter(node.name));
      case 'ArithBracedExpansion':
        return this.#valueOf(await this.#context.expand(`\${${node.content}}`));
      case 'ArithCommandSubst':
        return this.#valueOf(await this.#context.output(node.command));
      case 'ArithGroup':
      case 'ArithNested':
        return this.evaluate(node.expression);
      case 'ArithArrayElement': {
        const { array } = node;
        const key = await this.#key(array, node);
        return this.#valueOf(this.#context.variables.entries(array).find(([name]) => name === key)?.[1]);
      }
      case 'ArithBinary':
        return this.#binary(node);
      case 'ArithUnary':
        return this.#unary(node);
      case 'ArithTernary':
        return (await this.evaluate(node.condition)) !== 0n
          ? this.evaluate(node.consequent)
          : this.evaluate(node.alternate);
      case 'ArithAssignment': {
        const key =
          node.subscript === undefined && node.stringKey === undefined
            ? undefined
            : await this.#key(node.variable, { index: node.subscript, stringKey: node.stringKey });
        const operator = node.operator.slice(0, -1);
        const value =
          operator === ''
            ? await this.evaluate(node.value)
            : this.#apply(
                operator,
                await this.#valueOf(this.#current(node.variable, key)),
                await this.evaluate(node.value),
              );
        return this.#assign(node.variable, key, value);
      }
      case 'ArithSingleQuote':
        return BigInt(node.value);
      case 'ArithSyntaxError':
        throw new ExpansionProblem(`${this.#text}: ${node.message} (error token is "${node.errorToken}")`);
      case 'ArithConcat':
      case 'ArithDynamicBase':
      case 'ArithDynamicNumber':
      case 'ArithDynamicAssignment':
      case 'ArithDynamicElement':
      case 'ArithDoubleSubscript':
      case 'ArithNumberSubscript':
        throw new DynamicExpression();
    }
  }

  async #binary(node: Extract<ArithmeticNode, { type: 'ArithBinary' }>): Promise<bigint> {
    const left = await this.evaluate(node.left);
    if (node.operator === '&&') return BigInt(left !== 0n && (await this.evaluate(node.right)) !== 0n);
    if (node.operator === '||') return BigInt(left !== 0n || (await this.evaluate(node.right)) !== 0n);
    return this.#apply(node.operator, left, await this.evaluate(node.right));
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    if (operator === '/' || operator === '%') {
      if (right === 0n) {
        const token = /[/%]=?\s*(.*)$/s.exec(this.#text)?.[1] ?? this.#text;
        throw new ExpansionProblem(`${this.#text.trim()}: division by 0 (error token is "${token}")`);
      }
      return wrap(operator === '/' ? left / right : left % right);
    }
    if (operator === '**') {
      if (right < 0n) throw new ExpansionProblem(`${this.#text.trim()}: exponent less than 0`);
      let result = 1n;
      let base = left;
      for (let rest = right; rest > 0n; rest >>= 1n) {
        if ((rest & 1n) === 1n) result = wrap(result * base);
        base = wrap(base * base);
      }
      return result;
    }
    return wrap(BINARY[operator]!(left, right));
  }

  async #unary(node: Extract<ArithmeticNode, { type: 'ArithUnary' }>): Promise<bigint> {
    const { operator, operand, prefix } = node;
    if (operator === '++' || operator === '--') {
      const [name, key] = await this.#place(operand);
      const before = await this.#valueOf(this.#current(name, key));
      const after = this.#assignSync(name, key, before + (operator === '++' ? 1n : -1n));
      return prefix ? after : before;
    }
    const value = await this.evaluate(operand);
    switch (operator) {
      case '-':
        return wrap(-value);
      case '!':
        return BigInt(value === 0n);
      case '~':
        return ~value;
      default:
        return value;
    }
  }

  async #place(node: ArithmeticNode): Promise<readonly [name: string, key: string | undefined]> {
    if (node.type === 'ArithVariable') return [node.name, undefined];
    if (node.type === 'ArithArrayElement') return [node.array, await this.#key(node.array, node)];
    throw this.#syntax(this.#text);
  }

  async #key(
    array: string,
    {
      index,
      stringKey,
    }: { readonly index?: ArithmeticNode | undefined; readonly stringKey?: string | undefined },
  ): Promise<string> {
    if (this.#context.variables.array(array)?.associative === true) {
      if (stringKey !== undefined) return this.#context.expand(stringKey);
      if (index?.type === 'ArithVariable' && index.hasDollarPrefix !== true) return index.name;
    }
    if (stringKey !== undefined) return stringKey;
    return String(index === undefined ? 0n : await this.evaluate(index));
  }

  #current(name: string, key: string | undefined): string | undefined {
    if (key === undefined) return this.#context.variables.get(name);
    return this.#context.variables.entries(name).find(([other]) => other === key)?.[1];
  }

  #assign(name: string, key: string | undefined, value: bigint): bigint {
    return this.#assignSync(name, key, wrap(value));
  }

  #assignSync(name: string, key: string | undefined, value: bigint): bigint {
    if (key === undefined) this.#context.variables.set(name, String(value));
    else this.#context.variables.setElement(name, key, String(value));
    return value;
  }

  /** The value of a variable is an expression in itself. */
  async #valueOf(text: string | undefined): Promise<bigint> {
    const trimmed = text?.trim() ?? '';
    if (trimmed === '') return 0n;
    if (/^[+-]?(?:0|[1-9]\d*)$/.test(trimmed)) return wrap(BigInt(trimmed));
    if (++this.#depth > MAX_DEPTH)
      throw new ExpansionProblem(
        `${trimmed}: expression recursion level exceeded (error token is "${trimmed}")`,
      );
    try {
      const node = this.#context.parse(trimmed);
      return await this.evaluate(node);
    } finally {
      this.#depth--;
    }
  }

  #syntax(text: string): ExpansionProblem {
    return new ExpansionProblem(`${text}: syntax error: operand expected (error token is "${text}")`);
  }
}
