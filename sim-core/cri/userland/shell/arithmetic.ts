interface Variables {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** Binary operators from the weakest to the strongest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '||': (a, b) => Number(a !== 0 || b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

/** What stands in `$(( ))`: whole numbers, variables, C's operators and assignments. */
export function evaluateArithmetic(text: string, variables: Variables): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%]=|\S/g) ?? [];
  let at = 0;
  const valueOfVariable = (name: string) => Number(variables.get(name)) || 0;

  const unary = (): number => {
    const token = tokens[at++];
    if (token === undefined) return 0;
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '!') return Number(unary() === 0);
    if (token === '(') {
      const value = expression();
      at++;
      return value;
    }
    if (token === '++' || token === '--') {
      const name = tokens[at++] ?? '';
      const value = valueOfVariable(name) + (token === '++' ? 1 : -1);
      variables.set(name, String(value));
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    const value = valueOfVariable(token);
    const next = tokens[at];
    if (next === '++' || next === '--') {
      at++;
      variables.set(token, String(value + (next === '++' ? 1 : -1)));
    }
    return value;
  };
  const binary = (level: number): number => {
    const operators = LEVELS[level];
    if (operators === undefined) return unary();
    let value = binary(level + 1);
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++]!;
      value = OPERATIONS[operator]!(value, binary(level + 1));
    }
    return value;
  };
  const expression = (): number => {
    const name = tokens[at];
    const assignment = /^([-+*/%])?=$/.exec(tokens[at + 1] ?? '');
    if (name !== undefined && assignment !== null && /^[A-Za-z_]/.test(name)) {
      at += 2;
      const right = expression();
      const operator = assignment[1];
      const value = operator === undefined ? right : OPERATIONS[operator]!(valueOfVariable(name), right);
      variables.set(name, String(value));
      return value;
    }
    const condition = binary(0);
    if (tokens[at] !== '?') return condition;
    at++;
    const yes = expression();
    at++;
    const no = expression();
    return condition === 0 ? no : yes;
  };
  return expression();
}
