/** What a literal holds. A uint is marked, since an int is a bigint too. */
export type Constant =
  | { readonly type: 'int' | 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null };

/** One entry of a map or of a message. `optional`: it may be missing, {?"a": x}. */
export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}
export interface FieldEntry {
  /** Where the colon stands. */
  readonly offset: number;
  readonly field: string;
  readonly value: Expr;
  readonly optional: boolean;
}

interface Comprehension {
  readonly range: Expr;
  readonly variable: string;
  /** The second variable of a macro with two. */
  readonly variable2?: string;
  readonly accumulator: string;
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/**
 * A node of an expression, its macros expanded. `offset` is where cel-go places it: an operator at its sign,
 * a selection at its dot, a call at its parenthesis. Models cel-go common/ast.
 */
export type Expr = { readonly offset: number } & (
  | { readonly kind: 'literal'; readonly constant: Constant }
  | { readonly kind: 'ident'; readonly name: string }
  | { readonly kind: 'select'; readonly operand: Expr; readonly field: string; readonly testOnly: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly target?: Expr; readonly args: readonly Expr[] }
  | { readonly kind: 'list'; readonly elements: readonly Expr[]; readonly optionals: ReadonlySet<number> }
  | { readonly kind: 'map'; readonly entries: readonly MapEntry[] }
  | { readonly kind: 'struct'; readonly type: string; readonly fields: readonly FieldEntry[] }
  | ({ readonly kind: 'comprehension' } & Comprehension)
  | { readonly kind: 'error' }
);

export type ExprOf<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;
