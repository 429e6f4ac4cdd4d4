import type { Expr, ExprOf } from '../common/ast.ts';
import type { CelGoVersion } from '../common/cel-go.ts';
import type { Issues } from '../common/issues.ts';
import type { Functions, Overload } from './declarations.ts';
import { TYPE_NAMES } from './declarations.ts';
import type { Mapping, Type } from './types.ts';
import {
  assignable,
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  ERROR,
  formatType,
  INT,
  isDyn,
  isDynOrError,
  listType,
  mapType,
  mostGeneral,
  NONE,
  NULL,
  optionalType,
  paramType,
  protoText,
  sameType,
  STRING,
  substitute,
  UINT,
  unwrapOptional,
} from './types.ts';

/** What an expression may speak of. */
export interface Declarations {
  readonly celGo: CelGoVersion;
  readonly variables: ReadonlyMap<string, Type>;
  readonly functions: Functions;
  /** The fields of an object type by its name; undefined if there is none of that name. */
  readonly fieldsOf: (type: string) => ((field: string) => Type | undefined) | undefined;
  /** The type that a message of this name has: Object.spec{…}; undefined if there is none. */
  readonly messageType?: (name: string) => Type | undefined;
}

/** What a node turned out to mean. */
type Reference =
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly overloads: readonly Overload[];
      /** The target of the call was part of the function's name: ip.isCanonical(…). */
      readonly isNamespaced: boolean;
    };

/** An expression whose types fit. */
export interface CheckedExpr {
  readonly expr: Expr;
  readonly type: Type;
  readonly types: ReadonlyMap<Expr, Type>;
  readonly references: ReadonlyMap<Expr, Reference>;
}

/** Lists of mixed types may be given to these. */
export const TAKE_MIXED_LISTS: ReadonlySet<string> = new Set(['format']);

/** Finds the types of all nodes; what does not fit goes to `issues`. Models cel-go checker/checker.go. */
export function check(expr: Expr, declarations: Declarations, issues: Issues): CheckedExpr {
  return new Checker(declarations, issues).run(expr);
}

class Checker {
  readonly #declarations: Declarations;
  readonly #issues: Issues;
  readonly #types = new Map<Expr, Type>();
  readonly #references = new Map<Expr, Reference>();
  /** Variables of loops, the innermost last. */
  readonly #scopes: (readonly [name: string, type: Type])[] = [];
  #mapping: Mapping = new Map();
  #freeParams = 0;
  #mixedLists = 0;

  constructor(declarations: Declarations, issues: Issues) {
    this.#declarations = declarations;
    this.#issues = issues;
  }

  run(expr: Expr): CheckedExpr {
    this.#check(expr);
    const types = new Map<Expr, Type>();
    for (const [node, type] of this.#types) types.set(node, substitute(this.#mapping, type, true));
    return { expr, type: types.get(expr) ?? ERROR, types, references: this.#references };
  }

  get #isOld(): boolean {
    return this.#declarations.celGo === '0.16';
  }

  #format(type: Type): string {
    return formatType(type, this.#isOld ? 'optional' : 'optional_type');
  }

  #unresolved(at: { readonly offset: number }, type: string): void {
    this.#report(at, `${this.#isOld ? '[internal] ' : ''}unexpected failed resolution of '${type}'`);
  }

  #report({ offset }: { readonly offset: number }, message: string): void {
    this.#issues.reportChecked(offset, message);
  }

  #typeOf(expr: Expr): Type {
    return this.#types.get(expr) ?? NONE;
  }

  #fresh(): Type {
    return paramType(`_var${this.#freeParams++}`);
  }

  #fits(from: readonly Type[], to: readonly Type[]): boolean {
    const mapping = assignable(this.#mapping, from, to);
    if (mapping !== undefined) this.#mapping = mapping;
    return mapping !== undefined;
  }

  #check(expr: Expr): void {
    const type = this.#typeFor(expr);
    if (type !== undefined) this.#types.set(expr, type);
  }

  #typeFor(expr: Expr): Type | undefined {
    switch (expr.kind) {
      case 'literal':
        return { int: INT, uint: UINT, double: DOUBLE, string: STRING, bytes: BYTES, bool: BOOL, null: NULL }[
          expr.constant.type
        ];
      case 'ident':
        return this.#ident(expr);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'comprehension':
        return this.#comprehension(expr);
      case 'error':
        return ERROR;
    }
  }

  #lookup(name: string): Type | undefined {
    const plain = name.replace(/^\./, '');
    const inScope = name === plain ? this.#scopes.findLast(([known]) => known === plain)?.[1] : undefined;
    return inScope ?? this.#declarations.variables.get(plain) ?? TYPE_NAMES.get(plain);
  }

  #undeclared(at: Expr, name: string): void {
    this.#report(at, `undeclared reference to '${name}' (in container '')`);
  }

  #ident(expr: ExprOf<'ident'>): Type {
    const type = this.#lookup(expr.name);
    if (type === undefined) {
      this.#undeclared(expr, expr.name);
      return ERROR;
    }
    this.#references.set(expr, { kind: 'variable', name: expr.name.replace(/^\./, '') });
    return type;
  }

  #select(expr: ExprOf<'select'>): Type {
    const name = qualifiedName(expr);
    const variable = name === undefined ? undefined : this.#lookup(name);
    if (variable !== undefined) {
      this.#references.set(expr, { kind: 'variable', name: name! });
      return variable;
    }
    const type = this.#field(expr, expr.operand, expr.field, false);
    return substitute(this.#mapping, expr.testOnly ? BOOL : type, false);
  }

  #field(at: Expr, operand: Expr, field: string, isOptional: boolean): Type {
    this.#check(operand);
    const operandType = substitute(this.#mapping, this.#typeOf(operand), false);
    const inner = unwrapOptional(operandType);
    const target = inner ?? operandType;
    let result: Type = ERROR;
    switch (target.kind) {
      case 'map':
        result = target.params[1]!;
        break;
      case 'object': {
        const fields = this.#declarations.fieldsOf(target.name);
        const type = fields?.(field);
        if (fields === undefined) this.#unresolved(at, target.name);
        else if (type === undefined) this.#report(at, `undefined field '${field}'`);
        else result = type;
        break;
      }
      case 'param':
        this.#fits([DYN], [target]);
        result = DYN;
        break;
      default:
        if (!isDynOrError(target)) {
          const shown = this.#isOld ? protoText(target) : this.#format(target);
          this.#report(at, `type '${shown}' does not support field selection`);
        }
        result = DYN;
    }
    return inner !== undefined || isOptional ? optionalType(result) : result;
  }

  #call(expr: ExprOf<'call'>): Type | undefined {
    const { name, target, args } = expr;
    if (name === '_?._') {
      const field = args[1]!;
      if (field.kind !== 'literal' || field.constant.type !== 'string') return ERROR;
      return substitute(this.#mapping, this.#field(expr, args[0]!, field.constant.value, true), false);
    }
    const takesMixed = TAKE_MIXED_LISTS.has(name);
    if (takesMixed) this.#mixedLists++;
    for (const argument of args) this.#check(argument);
    if (takesMixed) this.#mixedLists--;
    const { functions } = this.#declarations;
    if (target === undefined) {
      const plain = name.replace(/^\./, '');
      const overloads = functions.get(plain);
      if (overloads !== undefined) return this.#resolve(expr, plain, overloads, args, false);
      this.#undeclared(expr, name);
      return ERROR;
    }
    const prefix = qualifiedName(target);
    const qualified = prefix === undefined ? undefined : `${prefix}.${name}`;
    const namespaced = qualified === undefined ? undefined : functions.get(qualified);
    if (namespaced !== undefined) return this.#resolve(expr, qualified!, namespaced, args, true);
    this.#check(target);
    const overloads = functions.get(name);
    if (overloads !== undefined) return this.#resolve(expr, name, overloads, [target, ...args], false);
    this.#undeclared(expr, name);
    return this.#isOld ? undefined : ERROR;
  }

  #resolve(
    expr: ExprOf<'call'>,
    name: string,
    overloads: readonly Overload[],
    args: readonly Expr[],
    isNamespaced: boolean,
  ): Type {
    const isMember = !isNamespaced && expr.target !== undefined;
    const types = args.map((argument) => this.#typeOf(argument));
    const matching: Overload[] = [];
    let result: Type | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== isMember) continue;
      const { params, result: given } = this.#instance(overload);
      if (!this.#fits(types, params)) continue;
      matching.push(overload);
      const type = substitute(this.#mapping, given, false);
      if (result === undefined) result = type;
      else if (!isDyn(result) && !sameType(type, result)) result = DYN;
    }
    if (result === undefined) {
      const shown = types.map((type) => this.#format(substitute(this.#mapping, type, true)));
      const receiver = isMember ? `${shown.shift()!}.` : '';
      this.#report(
        expr,
        `found no matching overload for '${name}' applied to '${receiver}(${shown.join(', ')})'`,
      );
      return ERROR;
    }
    this.#references.set(expr, { kind: 'function', name, overloads: matching, isNamespaced });
    return result;
  }

  /** An overload with parameters of its own. */
  #instance(overload: Overload): Overload {
    const fresh: Mapping = new Map();
    const rename = (type: Type): void => {
      if (type.kind === 'param' && !fresh.has(type.name)) fresh.set(type.name, this.#fresh());
      type.params.forEach(rename);
    };
    overload.params.forEach(rename);
    rename(overload.result);
    if (fresh.size === 0) return overload;
    return {
      ...overload,
      params: overload.params.map((type) => substitute(fresh, type, false)),
      result: substitute(fresh, overload.result, false),
    };
  }

  #list({ elements, optionals }: ExprOf<'list'>): Type {
    let joined: Type | undefined;
    elements.forEach((element, index) => {
      this.#check(element);
      const type = optionals.has(index) ? this.#optionalValue(element) : this.#typeOf(element);
      joined = this.#join(element, joined, type);
    });
    return listType(joined ?? this.#fresh());
  }

  #map({ entries }: ExprOf<'map'>): Type {
    let keys: Type | undefined;
    let values: Type | undefined;
    for (const { key, value, optional } of entries) {
      this.#check(key);
      keys = this.#join(key, keys, this.#typeOf(key));
      this.#check(value);
      values = this.#join(value, values, optional ? this.#optionalValue(value) : this.#typeOf(value));
    }
    return mapType(keys ?? this.#fresh(), values ?? this.#fresh());
  }

  /** The type within a value that may be missing. */
  #optionalValue(value: Expr): Type {
    const type = this.#typeOf(value);
    const inner = unwrapOptional(type);
    if (inner === undefined && !isDyn(type)) this.#mismatch(value, optionalType(type), type);
    return inner ?? type;
  }

  #struct(expr: ExprOf<'struct'>): Type | undefined {
    const message = this.#declarations.messageType?.(expr.type.replace(/^\./, ''));
    if (message === undefined) {
      const known = this.#lookup(expr.type);
      if (known === undefined) {
        this.#undeclared(expr, expr.type);
        return undefined;
      }
      if (known.kind === 'type')
        this.#report(expr, `'${formatType(known.params[0] ?? DYN)}' is not a message type`);
      else this.#report(expr, `'${formatType(known)}(${protoText(known)})' is not a type`);
    }
    for (const { offset, field, value, optional } of expr.fields) {
      this.#check(value);
      const wanted = message === undefined ? undefined : this.#declarations.fieldsOf(message.name)?.(field);
      if (message === undefined) this.#unresolved({ offset }, '');
      else if (wanted === undefined) this.#report({ offset }, `undefined field '${field}'`);
      const type = optional ? this.#optionalValue(value) : this.#typeOf(value);
      if (wanted !== undefined && !this.#fits([wanted], [type])) {
        this.#report(
          { offset },
          `expected type of field '${field}' is '${this.#format(wanted)}' but provided type is '${this.#format(type)}'`,
        );
      }
    }
    return message ?? ERROR;
  }

  #comprehension(expr: ExprOf<'comprehension'>): Type {
    const { range, variable, variable2, accumulator, init, condition, step, result } = expr;
    this.#check(range);
    this.#check(init);
    const accumulated = this.#typeOf(init);
    const rangeType = substitute(this.#mapping, this.#typeOf(range), false);
    let [first, second]: [Type, Type] = [DYN, DYN];
    switch (rangeType.kind) {
      case 'list':
        [first, second] = variable2 === undefined ? [rangeType.params[0]!, DYN] : [INT, rangeType.params[0]!];
        break;
      case 'map':
        [first, second] = [rangeType.params[0]!, rangeType.params[1]!];
        break;
      case 'dyn':
      case 'error':
      case 'param':
        this.#fits([DYN], [rangeType]);
        break;
      default:
        this.#report(
          range,
          `expression of type '${this.#format(rangeType)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        [first, second] = [ERROR, ERROR];
    }
    const outer = this.#scopes.length;
    this.#scopes.push([accumulator, accumulated]);
    const inner = this.#scopes.length;
    this.#scopes.push([variable, first]);
    if (variable2 !== undefined) this.#scopes.push([variable2, second]);
    this.#check(condition);
    this.#assert(condition, BOOL);
    this.#check(step);
    this.#assert(step, accumulated);
    this.#scopes.length = inner;
    this.#check(result);
    this.#scopes.length = outer;
    return substitute(this.#mapping, this.#typeOf(result), false);
  }

  #assert(expr: Expr, type: Type): void {
    const found = this.#typeOf(expr);
    if (!this.#fits([type], [found])) this.#mismatch(expr, type, found);
  }

  /** The most general type of both; that of a mixture, which newer versions tell of afterwards, is any. */
  #join(at: Expr, before: Type | undefined, type: Type): Type {
    if (before === undefined) return type;
    if (this.#fits([before], [type])) return mostGeneral(before, type);
    if (this.#mixedLists > 0 || !this.#isOld) return DYN;
    this.#mismatch(at, before, type);
    return ERROR;
  }

  #mismatch(at: Expr, expected: Type, found: Type): void {
    this.#report(at, `expected type '${this.#format(expected)}' but found '${this.#format(found)}'`);
  }
}

/** "a.b.c" of a chain of plain selections, else undefined. */
function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}
