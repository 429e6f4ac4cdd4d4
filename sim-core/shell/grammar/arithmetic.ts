import { ExpansionProblem } from './leave.ts';

/** What names stand for in an expression. */
export interface ArithmeticContext {
  /** The text of a variable, or of an element of an array; undefined if it is not set. */
  get(name: string, key: string | undefined): string | undefined;
  set(name: string, key: string | undefined, value: string): void;
  /** Is it an array whose keys are texts? Those of others are expressions. */
  isAssociative(name: string): boolean;
}

/** How deep the values of variables may be expressions. */
const MAX_DEPTH = 100;
const wrap = (value: bigint) => BigInt.asIntN(64, value);

type Token =
  | { readonly type: 'end' }
  | { readonly type: 'number'; readonly value: bigint }
  | ({ readonly type: 'name' } & Place)
  | { readonly type: 'operator'; readonly text: string };

/** A variable, or the element of an array by its subscript. */
interface Place {
  readonly name: string;
  readonly subscript: string | undefined;
}

/** Operators on two numbers from the weakest to the strongest; all of a level group from the left. */
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => BigInt(a === b),
  '!=': (a, b) => BigInt(a !== b),
  '<=': (a, b) => BigInt(a <= b),
  '>=': (a, b) => BigInt(a >= b),
  '<': (a, b) => BigInt(a < b),
  '>': (a, b) => BigInt(a > b),
  // The processor takes the lowest six bits of how far.
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => a >> (b & 63n),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const OPERATOR = /(?:<<|>>|[-*/%+&^|])=|[=!<>]=|<<|>>|&&|\|\||\*\*|[-+*/%=<>!&|^~?:,()]/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /[0-9][0-9A-Za-z#@_]*/y;

/**
 * The value of an expression, in which `$x`, `$(…)` and quotes have been expanded; that of nothing is 0. Numbers have
 * 64 bits and wrap. Throws an {@link ExpansionProblem} with bash's words.
 *
 * Models expr.c of bash.
 */
export function evaluateArithmetic(text: string, context: ArithmeticContext): bigint {
  return valueOf(text, context, 0);
}

function valueOf(text: string, context: ArithmeticContext, depth: number): bigint {
  return text.trim() === '' ? 0n : new Expression(text, context, depth).value();
}

class Expression {
  readonly #text: string;
  readonly #context: ArithmeticContext;
  readonly #depth: number;
  /** Where the next token is looked for. */
  #at = 0;
  /** Where the last one that is no end began. */
  #last = 0;
  #token: Token = { type: 'end' };
  /** What the expression so far names: it can be assigned to. */
  #place: Place | undefined;
  /** Above 0 in what is read and not evaluated: the other side of `?:`, `&&` and `||`. */
  #skipping = 0;

  constructor(text: string, context: ArithmeticContext, depth: number) {
    this.#text = text;
    this.#context = context;
    this.#depth = depth;
    if (depth > MAX_DEPTH) this.#refuse('expression recursion level exceeded');
  }

  value(): bigint {
    this.#advance();
    const value = this.#list();
    if (!this.#ended) this.#refuse('syntax error in expression');
    return value;
  }

  #list(): bigint {
    let value = this.#assignment();
    while (this.#takes(',')) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    const before = this.#conditional();
    const operator = this.#operator();
    if (operator === undefined || !/^(?:=|(?:<<|>>|[-*/%+&^|])=)$/.test(operator)) return before;
    const place = this.#place;
    if (place === undefined) this.#refuse('attempted assignment to non-variable');
    this.#advance();
    const right = this.#assignment();
    const value = operator === '=' ? right : this.#apply(operator.slice(0, -1), before, right, this.#last);
    this.#place = undefined;
    return this.#assign(place, value);
  }

  #conditional(): bigint {
    const condition = this.#or();
    if (!this.#takes('?')) return condition;
    const holds = condition !== 0n;
    if (this.#ended || this.#operator() === ':') this.#refuse('expression expected');
    const yes = this.#unless(!holds, () => this.#list());
    if (this.#operator() !== ':') this.#refuse("`:' expected for conditional expression");
    this.#advance();
    if (this.#ended) this.#refuse('expression expected');
    const no = this.#unless(holds, () => this.#conditional());
    this.#place = undefined;
    return holds ? yes : no;
  }

  #or(): bigint {
    let value = this.#and();
    while (this.#takes('||')) {
      const left = value !== 0n;
      const right = this.#unless(left, () => this.#and());
      value = BigInt(left || right !== 0n);
      this.#place = undefined;
    }
    return value;
  }

  #and(): bigint {
    let value = this.#binary(0);
    while (this.#takes('&&')) {
      const left = value !== 0n;
      const right = this.#unless(!left, () => this.#binary(0));
      value = BigInt(left && right !== 0n);
      this.#place = undefined;
    }
    return value;
  }

  #binary(level: number): bigint {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#power();
    let value = this.#binary(level + 1);
    for (
      let operator = this.#operator();
      operator !== undefined && operators.includes(operator);
      operator = this.#operator()
    ) {
      const from = this.#at;
      this.#advance();
      const right = this.#binary(level + 1);
      value = this.#apply(operator, value, right, from);
      this.#place = undefined;
    }
    return value;
  }

  #power(): bigint {
    let base = this.#unary();
    while (this.#takes('**')) {
      const exponent = this.#power();
      this.#place = undefined;
      if (exponent < 0n) this.#refuse('exponent less than 0');
      let result = 1n;
      for (let rest = exponent; rest > 0n; rest >>= 1n) {
        if ((rest & 1n) === 1n) result = wrap(result * base);
        base = wrap(base * base);
      }
      base = result;
    }
    return base;
  }

  #unary(): bigint {
    const operator = this.#operator();
    if (operator === undefined || !'!~-+'.includes(operator)) return this.#operand();
    this.#advance();
    const value = this.#unary();
    this.#place = undefined;
    if (operator === '!') return BigInt(value === 0n);
    return wrap(operator === '~' ? ~value : operator === '-' ? -value : value);
  }

  #operand(): bigint {
    const token = this.#token;
    if (token.type === 'number') {
      this.#place = undefined;
      this.#advance();
      return token.value;
    }
    if (token.type === 'name') return this.#variable(token);
    if (token.type === 'operator' && (token.text === '++' || token.text === '--')) {
      this.#advance();
      const place = this.#token;
      if (place.type !== 'name') this.#refuse('identifier expected after pre-increment or pre-decrement');
      this.#place = undefined;
      const value = this.#read(place) + (token.text === '++' ? 1n : -1n);
      this.#advance();
      return this.#assign(place, wrap(value));
    }
    if (!this.#takes('(')) this.#refuse('syntax error: operand expected');
    const value = this.#list();
    if (this.#operator() !== ')') this.#refuse("missing `)'");
    this.#advance();
    this.#place = undefined;
    return value;
  }

  #variable(place: Place): bigint {
    this.#advance(true);
    const operator = this.#operator();
    // What it was does not matter if it becomes something else.
    if (operator === '=') {
      this.#place = place;
      return 0n;
    }
    const value = this.#read(place);
    this.#place = place;
    if (operator === '++' || operator === '--') {
      this.#assign(place, wrap(value + (operator === '++' ? 1n : -1n)));
      this.#place = undefined;
      this.#advance();
    }
    return value;
  }

  #apply(operator: string, left: bigint, right: bigint, from: number): bigint {
    if ((operator === '/' || operator === '%') && right === 0n) {
      if (this.#skipping > 0) return 0n;
      this.#last = from + /^\s*/.exec(this.#text.slice(from))![0].length;
      this.#refuse('division by 0');
    }
    return wrap(OPERATIONS[operator]!(left, right));
  }

  #unless(skips: boolean, work: () => bigint): bigint {
    if (skips) this.#skipping++;
    try {
      return work();
    } finally {
      if (skips) this.#skipping--;
    }
  }

  #key({ name, subscript }: Place): string | undefined {
    if (subscript === undefined) return undefined;
    if (this.#context.isAssociative(name)) return subscript.replace(/^(['"])(.*)\1$/s, '$2');
    return String(valueOf(subscript, this.#context, this.#depth + 1));
  }

  /** The value of a variable is an expression in itself. */
  #read(place: Place): bigint {
    if (this.#skipping > 0) return 0n;
    return valueOf(this.#context.get(place.name, this.#key(place)) ?? '', this.#context, this.#depth + 1);
  }

  #assign(place: Place, value: bigint): bigint {
    if (this.#skipping === 0) this.#context.set(place.name, this.#key(place), String(value));
    return value;
  }

  get #ended(): boolean {
    return this.#token.type === 'end';
  }

  #operator(): string | undefined {
    return this.#token.type === 'operator' ? this.#token.text : undefined;
  }

  #takes(operator: string): boolean {
    if (this.#operator() !== operator) return false;
    this.#advance();
    return true;
  }

  /** Reads the next token; after a name `++` and `--` are its own. */
  #advance(afterName = false): void {
    const before = this.#token;
    this.#at += /^[ \t\n\r]*/.exec(this.#text.slice(this.#at))![0].length;
    if (this.#at >= this.#text.length) {
      this.#token = { type: 'end' };
      return;
    }
    this.#last = this.#at;
    const name = this.#match(NAME);
    if (name !== undefined) {
      this.#token = { type: 'name', name, subscript: this.#subscript() };
      return;
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      this.#token = { type: 'number', value: this.#numberOf(number) };
      return;
    }
    const twice = /^(?:\+\+|--)/.exec(this.#text.slice(this.#at))?.[0];
    if (twice !== undefined && (afterName || /^\s*[A-Za-z_]/.test(this.#text.slice(this.#at + 2)))) {
      this.#at += 2;
      this.#token = { type: 'operator', text: twice };
      return;
    }
    const operator = this.#match(OPERATOR);
    if (operator === undefined) {
      const isExpected = before.type === 'end' || before.type === 'operator';
      this.#refuse(`syntax error: ${isExpected ? 'operand expected' : 'invalid arithmetic operator'}`);
    }
    this.#token = { type: 'operator', text: operator };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    this.#at += text?.length ?? 0;
    return text;
  }

  /** What stands in the brackets behind a name. */
  #subscript(): string | undefined {
    if (this.#text[this.#at] !== '[') return undefined;
    let depth = 0;
    for (let at = this.#at; at < this.#text.length; at++) {
      if (this.#text[at] === '[') depth++;
      else if (this.#text[at] === ']' && --depth === 0) {
        const subscript = this.#text.slice(this.#at + 1, at);
        this.#at = at + 1;
        return subscript;
      }
    }
    return this.#refuse('bad array subscript');
  }

  /** "255", "0xff", "0377", "16#ff", "64#@_". */
  #numberOf(text: string): bigint {
    const [, prefix = '', digits = ''] = /^(0[xX]|0(?=.)|\d+#)?(.*)$/s.exec(text)!;
    let base = 10n;
    if (/^0[xX]$/.test(prefix)) base = 16n;
    else if (prefix === '0') base = 8n;
    else if (prefix !== '') base = BigInt(prefix.slice(0, -1));
    if (base < 2n || base > 64n) this.#refuseNumber('invalid arithmetic base');
    if (prefix.endsWith('#') && digits === '') this.#refuseNumber('invalid integer constant');
    let value = 0n;
    for (const digit of digits) {
      if (digit === '#') this.#refuseNumber('invalid number');
      const place = BigInt(DIGITS.indexOf(base <= 36n ? digit.toLowerCase() : digit));
      if (place >= base) this.#refuseNumber('value too great for base');
      value = wrap(value * base + place);
    }
    return value;
  }

  /** What comes behind the number is not shown. */
  #refuseNumber(message: string): never {
    return this.#refuse(message, this.#at);
  }

  #refuse(message: string, end = this.#text.length): never {
    const shown = this.#text.slice(0, end);
    throw new ExpansionProblem(
      `${shown.trimStart()}: ${message} (error token is "${shown.slice(this.#last)}")`,
    );
  }
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
