import type { AwkArray } from './array.ts';
import type { Value } from './values.ts';

/** A name of the program. What it holds is with it: a global has one place, a local one in each call. */
export interface Variable {
  readonly name: string;
  /** Unknown until it is used as one of the two. */
  type: 'unknown' | 'scalar' | 'array';
  /** Its place among the arguments and locals of its function; missing: it is global. */
  readonly slot?: number;
  value: Value;
  array: AwkArray | undefined;
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';
export type Comparison = '<' | '<=' | '==' | '!=' | '>' | '>=';

export interface VariableNode {
  readonly kind: 'variable';
  readonly variable: Variable;
}
/** NF. */
export interface FieldCountNode {
  readonly kind: 'fieldCount';
}
interface FieldNode {
  readonly kind: 'field';
  readonly index: Expression;
}
interface ElementNode {
  readonly kind: 'element';
  readonly array: Variable;
  readonly indices: readonly Expression[];
}
/** What can be assigned to. */
export type Target = VariableNode | FieldCountNode | FieldNode | ElementNode;

export type Expression =
  | Target
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** By itself it is matched with $0. */
  | { readonly kind: 'regex'; readonly text: string }
  | {
      readonly kind: 'assign';
      readonly target: Target;
      readonly operator: Arithmetic | undefined;
      readonly value: Expression;
    }
  | { readonly kind: 'increment'; readonly target: Target; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly kind: 'unary'; readonly operator: '!' | '+' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'concatenation'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'logical';
      readonly operator: '&&' | '||';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | {
      readonly kind: 'match';
      readonly isNegated: boolean;
      readonly text: Expression;
      readonly pattern: Expression;
    }
  | { readonly kind: 'in'; readonly indices: readonly Expression[]; readonly array: Variable }
  | { readonly kind: 'call'; readonly callee: UserFunction; readonly args: readonly Expression[] }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'getline';
      readonly from: 'input' | 'file' | 'command';
      readonly source: Expression | undefined;
      readonly target: Target | undefined;
    }
  /** "(a, b)", which only print and `in` know. */
  | { readonly kind: 'list'; readonly items: readonly Expression[] };

export type Redirection = '>' | '>>' | '|';

export type Statement =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | {
      readonly kind: 'print' | 'printf';
      readonly args: readonly Expression[];
      readonly redirection: Redirection | undefined;
      readonly destination: Expression | undefined;
    }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: Statement;
      readonly no: Statement | undefined;
    }
  /** A missing condition is true; `do` looks at it only after the first round. */
  | {
      readonly kind: 'loop';
      readonly first: Expression | undefined;
      readonly condition: Expression | undefined;
      readonly step: Expression | undefined;
      readonly body: Statement;
      readonly isDo: boolean;
    }
  | {
      readonly kind: 'forIn';
      readonly target: VariableNode;
      readonly array: Variable;
      readonly body: Statement;
    }
  | { readonly kind: 'delete'; readonly array: Variable; readonly indices: readonly Expression[] | undefined }
  | { readonly kind: 'break' | 'continue' | 'next' | 'nextfile' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined };

export interface UserFunction {
  readonly name: string;
  parameters: readonly Variable[];
  /** Missing: it was called but not defined so far. */
  body: Statement | undefined;
}

export interface Rule {
  /** Missing: every record. Two: from where the first matches to where the second does. */
  readonly patterns: readonly Expression[];
  /** Missing: the record is printed. */
  readonly body: Statement | undefined;
}

export interface Program {
  readonly begin: readonly Statement[];
  readonly rules: readonly Rule[];
  readonly end: readonly Statement[];
  readonly globals: ReadonlyMap<string, Variable>;
}
