import type { Expr, ExprOf } from '../common/ast.ts';

/** Holds what a loop has so far; no expression can name it. */
export const ACCUMULATOR = '__result__';
/** The variable of a loop that runs over nothing. */
const UNUSED = '#unused';

/** An argument that a macro does not take, and where it is; older versions of cel-go told of some at the call. */
export class MacroError extends Error {
  override readonly name = 'MacroError';
  readonly offset: number;
  readonly wasAtCall: boolean;
  constructor(message: string, { offset }: Expr, wasAtCall = false) {
    super(message);
    this.offset = offset;
    this.wasAtCall = wasAtCall;
  }
}

/** Makes nodes, all of them where the call of the macro is. Models parser/helper.go exprHelper. */
class Maker {
  readonly #offset: number;
  constructor(offset: number) {
    this.#offset = offset;
  }
  bool = (value: boolean): Expr => this.#make({ kind: 'literal', constant: { type: 'bool', value } });
  int = (value: bigint): Expr => this.#make({ kind: 'literal', constant: { type: 'int', value } });
  ident = (name: string): Expr => this.#make({ kind: 'ident', name });
  accu = (): Expr => this.ident(ACCUMULATOR);
  list = (...elements: Expr[]): Expr => this.#make({ kind: 'list', elements, optionals: new Set() });
  map = (): Expr => this.#make({ kind: 'map', entries: [] });
  call = (name: string, ...args: Expr[]): Expr => this.#make({ kind: 'call', name, args });
  method = (target: Expr, name: string, ...args: Expr[]): Expr =>
    this.#make({ kind: 'call', name, target, args });
  test = ({ operand, field }: ExprOf<'select'>): Expr =>
    this.#make({ kind: 'select', operand, field, testOnly: true });
  fold = (loop: Omit<ExprOf<'comprehension'>, 'kind' | 'offset'>): Expr =>
    this.#make({ kind: 'comprehension', ...loop });
  #make<Node>(node: Node): Node & { offset: number } {
    return { ...node, offset: this.#offset };
  }
}

type Expander = (make: Maker, args: readonly Expr[], target: Expr) => Expr;

function has(make: Maker, [argument]: readonly Expr[]): Expr {
  if (argument!.kind !== 'select') throw new MacroError('invalid argument to has() macro', argument!, true);
  return make.test(argument!);
}

/** The loop's variables, of the first arguments, and the arguments after them. */
function loopOf(args: readonly Expr[], variables: 1 | 2, wrong: (at: Expr) => MacroError) {
  const names = args.slice(0, variables).map((argument) => {
    if (argument.kind !== 'ident') throw wrong(argument);
    return argument.name;
  });
  return {
    loop: { variable: names[0]!, ...(variables === 2 && { variable2: names[1]! }), accumulator: ACCUMULATOR },
    rest: args.slice(variables),
  };
}

const notSimple = (at: Expr) => new MacroError('argument must be a simple name', at);
const notIdentifier = (at: Expr) => new MacroError('argument is not an identifier', at, true);

const all =
  (variables: 1 | 2): Expander =>
  (make, args, range) => {
    const { loop, rest } = loopOf(args, variables, notSimple);
    return make.fold({
      ...loop,
      range,
      init: make.bool(true),
      condition: make.call('@not_strictly_false', make.accu()),
      step: make.call('_&&_', make.accu(), rest[0]!),
      result: make.accu(),
    });
  };

const exists =
  (variables: 1 | 2): Expander =>
  (make, args, range) => {
    const { loop, rest } = loopOf(args, variables, notSimple);
    return make.fold({
      ...loop,
      range,
      init: make.bool(false),
      condition: make.call('@not_strictly_false', make.call('!_', make.accu())),
      step: make.call('_||_', make.accu(), rest[0]!),
      result: make.accu(),
    });
  };

const existsOne =
  (variables: 1 | 2): Expander =>
  (make, args, range) => {
    const { loop, rest } = loopOf(args, variables, notSimple);
    return make.fold({
      ...loop,
      range,
      init: make.int(0n),
      condition: make.bool(true),
      step: make.call('_?_:_', rest[0]!, make.call('_+_', make.accu(), make.int(1n)), make.accu()),
      result: make.call('_==_', make.accu(), make.int(1n)),
    });
  };

/** `where`: what a step adds is added only if this holds. */
const guarded = (make: Maker, where: Expr | undefined, step: Expr) =>
  where === undefined ? step : make.call('_?_:_', where, step, make.accu());

const toList =
  (variables: 1 | 2): Expander =>
  (make, args, range) => {
    const { loop, rest } = loopOf(args, variables, notIdentifier);
    const where = rest.length === 2 ? rest[0] : undefined;
    return make.fold({
      ...loop,
      range,
      init: make.list(),
      condition: make.bool(true),
      step: guarded(make, where, make.call('_+_', make.accu(), make.list(rest.at(-1)!))),
      result: make.accu(),
    });
  };

const filter: Expander = (make, args, range) => {
  const { loop, rest } = loopOf(args, 1, notIdentifier);
  return make.fold({
    ...loop,
    range,
    init: make.list(),
    condition: make.bool(true),
    step: guarded(make, rest[0], make.call('_+_', make.accu(), make.list(args[0]!))),
    result: make.accu(),
  });
};

const toMap =
  (isEntry: boolean): Expander =>
  (make, args, range) => {
    const { loop, rest } = loopOf(args, 2, notIdentifier);
    const where = rest.length === 2 ? rest[0] : undefined;
    const value = rest.at(-1)!;
    const inserted = isEntry ? [value] : [make.ident(loop.variable), value];
    return make.fold({
      ...loop,
      range,
      init: make.map(),
      condition: make.bool(true),
      step: guarded(make, where, make.call('cel.@mapInsert', make.accu(), ...inserted)),
      result: make.accu(),
    });
  };

/** Runs on what an optional holds, by a loop over nothing that begins with it. */
const onOptional =
  (wrap: boolean): Expander =>
  (make, [name, mapping], target) => {
    if (name!.kind !== 'ident') {
      const macro = wrap ? 'optMap()' : 'optFlatMap()';
      throw new MacroError(`${macro} variable name must be a simple identifier`, name!);
    }
    const mapped = make.fold({
      range: make.list(),
      variable: UNUSED,
      accumulator: name!.name,
      init: make.method(target, 'value'),
      condition: make.bool(false),
      step: make.ident(name!.name),
      result: mapping!,
    });
    return make.call(
      '_?_:_',
      make.method(target, 'hasValue'),
      wrap ? make.call('optional.of', mapped) : mapped,
      make.call('optional.none'),
    );
  };

/** Sorts by what the expression makes of each item; the list is looked at once. */
function sortBy(make: Maker, args: readonly Expr[], target: Expr): Expr {
  const input = '@__sortBy_input__';
  const keys = toList(1)(make, args, make.ident(input));
  return make.fold({
    range: make.list(),
    variable: UNUSED,
    accumulator: input,
    init: target,
    condition: make.bool(false),
    step: make.ident(input),
    result: make.method(make.ident(input), '@sortByAssociatedKeys', keys),
  });
}

/** By name, number of arguments, and whether it is called on something. */
const MACROS: Readonly<Record<string, Expander>> = {
  'has:1': has,
  '.all:2': all(1),
  '.all:3': all(2),
  '.exists:2': exists(1),
  '.exists:3': exists(2),
  '.exists_one:2': existsOne(1),
  '.existsOne:2': existsOne(1),
  '.existsOne:3': existsOne(2),
  '.map:2': toList(1),
  '.map:3': toList(1),
  '.filter:2': filter,
  '.transformList:3': toList(2),
  '.transformList:4': toList(2),
  '.transformMap:3': toMap(false),
  '.transformMap:4': toMap(false),
  '.transformMapEntry:3': toMap(true),
  '.transformMapEntry:4': toMap(true),
  '.sortBy:2': sortBy,
  '.optMap:2': onOptional(true),
  '.optFlatMap:2': onOptional(false),
};

/**
 * What a call stands for if it is one of a macro, else undefined. Throws a MacroError.
 * Models cel-go parser/macro.go, ext/comprehensions.go and cel/library.go.
 */
export function expandMacro(
  name: string,
  target: Expr | undefined,
  args: readonly Expr[],
  offset: number,
): Expr | undefined {
  const key = `${target === undefined ? '' : '.'}${name}:${args.length}`;
  return Object.hasOwn(MACROS, key) ? MACROS[key]!(new Maker(offset), args, target!) : undefined;
}
