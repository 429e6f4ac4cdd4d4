import { MemoryExhaustedError, PROGRAM_MEMORY } from '../../../node/pipe.ts';
import type { CommandEnvironment } from '../../command.ts';
import type { AwkArray } from './array.ts';
import { Fields, splitPattern, splitText } from './fields.ts';
import { FUNCTIONS, Random } from './functions.ts';
import { MainInput } from './main-input.ts';
import type { Patterns } from './patterns.ts';
import { printfPieces } from './printf.ts';
import { AwkFailure } from './problem.ts';
import type { Streams } from './streams.ts';
import { substitute } from './substitution.ts';
import type { Expression, FieldCountNode, Program, Rule, Statement, Target, VariableNode } from './syntax.ts';
import type { Task } from './task.ts';
import { calculate, holds } from './operators.ts';
import { compare, Input, isTrue, toNumber, toText, type Value } from './values.ts';
import type { Frame, Variables } from './variables.ts';

/** How many rounds of loops, calls and records there are in a simulated millisecond. */
const ROUNDS = 1000;
/** How deep calls may be nested. */
const MOST_CALLS = 1024;

/** What a statement does to those around it. */
type Outcome = 'break' | 'continue' | 'next' | 'nextfile' | 'return' | undefined;

/** The program ends: its END rules run, unless it is one of them that says so. */
class Exit extends Error {}

/** Somebody ended the program. */
export class Cancelled extends Error {}

/** A place that has been found: the element or the field that was meant does not change any more. */
type Place =
  | VariableNode
  | FieldCountNode
  | {
      readonly kind: 'element';
      readonly array: AwkArray;
      readonly key: string;
      readonly number: number | undefined;
    }
  | { readonly kind: 'field'; readonly index: Value };

/** A value is not known yet. */
const LATER = Symbol('later');

/** Runs a program. */
export class Interpreter {
  readonly #program: Program;
  readonly #environment: CommandEnvironment;
  readonly #streams: Streams;
  readonly #patterns: Patterns;
  readonly #fields: Fields;
  readonly #input: MainInput;
  readonly #random: Random;
  readonly #variables: Variables;
  readonly #inRange = new Set<Rule>();
  #result: Value = undefined;
  #depth = 0;
  #rounds = 0;
  #exit = 0;

  constructor(
    program: Program,
    variables: Variables,
    environment: CommandEnvironment,
    streams: Streams,
    patterns: Patterns,
  ) {
    this.#program = program;
    this.#environment = environment;
    this.#streams = streams;
    this.#patterns = patterns;
    this.#random = new Random(environment.clock);
    this.#variables = variables;
    this.#fields = new Fields(patterns, () => ({
      separator: this.#variables.text('FS'),
      outputSeparator: this.#variables.text('OFS'),
      numberFormat: this.#variables.text('OFMT'),
    }));
    this.#input = new MainInput(streams, {
      argument: (index) => {
        if (index >= toNumber(this.#variables.variable('ARGC').value)) return undefined;
        const argv = this.#variables.arrayOf(this.#variables.variable('ARGV'));
        return argv.has(String(index), index) ? this.#variables.toText(argv.get(String(index), index)) : '';
      },
      assign: (operand) => this.#variables.assign(operand),
      begin: (name) => {
        this.#variables.variable('FILENAME').value = name;
        this.#variables.variable('FNR').value = 0;
      },
    });
  }

  /** Runs the rules; gives the exit code. */
  *run(): Task<number> {
    const { begin, rules, end } = this.#program;
    try {
      try {
        for (const block of begin) yield* this.#execute(block);
        if (rules.length + end.length > 0) yield* this.#records();
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
      }
      this.#variables.frame = [];
      for (const block of end) yield* this.#execute(block);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
    }
    return this.#exit & 0xff;
  }

  *#records(): Task<void> {
    for (;;) {
      const record = yield* this.#nextRecord();
      if (record === undefined) return;
      this.#fields.record = record;
      for (const rule of this.#program.rules) {
        if (!(yield* this.#applies(rule))) continue;
        const outcome: Outcome =
          rule.body === undefined ? yield* this.#printRecord() : yield* this.#execute(rule.body);
        if (outcome === 'nextfile') this.#input.skipFile();
        if (outcome !== undefined) break;
      }
      const turn = this.#turn();
      if (turn !== undefined) yield turn;
    }
  }

  *#printRecord(): Task<undefined> {
    yield* this.#streams.print(this.#variables.toText(this.#fields.record) + this.#variables.text('ORS'));
    return undefined;
  }

  *#applies(rule: Rule): Task<boolean> {
    const [first, last] = rule.patterns;
    if (first === undefined) return true;
    if (last === undefined) return isTrue(yield* this.#evaluate(first));
    if (!this.#inRange.has(rule)) {
      if (!isTrue(yield* this.#evaluate(first))) return false;
      this.#inRange.add(rule);
    }
    if (isTrue(yield* this.#evaluate(last))) this.#inRange.delete(rule);
    return true;
  }

  /** The next record of the main input, counted. */
  *#nextRecord(): Task<Input | undefined> {
    const record = yield* this.#input.next(() => this.#variables.text('RS'));
    if (record === undefined) return undefined;
    this.#variables.count('NR');
    this.#variables.count('FNR');
    return new Input(record);
  }

  /** Now and then others have their turn, one of whom may end the program: the promise is to be waited for. */
  #turn(): Promise<void> | undefined {
    const { clock, context } = this.#environment;
    if (context.cancelled) throw new Cancelled();
    return ++this.#rounds % ROUNDS === 0 ? clock.sleep(1, { context, periodic: true }) : undefined;
  }

  *#execute(statement: Statement): Task<Outcome> {
    switch (statement.kind) {
      case 'expression':
        yield* this.#evaluate(statement.expression);
        return undefined;
      case 'block':
        for (const inner of statement.body) {
          const outcome = yield* this.#execute(inner);
          if (outcome !== undefined) return outcome;
        }
        return undefined;
      case 'print':
      case 'printf': {
        const { kind, args, redirection, destination } = statement;
        const values = yield* this.#evaluateAll(args);
        const text = kind === 'printf' ? yield* this.#format(values) : this.#line(values);
        if (redirection === undefined) yield* this.#streams.print(text);
        else {
          const name = this.#variables.toText(yield* this.#evaluate(destination!));
          yield* this.#streams.write(redirection, name, text);
        }
        return undefined;
      }
      case 'if':
        if (isTrue(yield* this.#evaluate(statement.condition))) return yield* this.#execute(statement.yes);
        return statement.no === undefined ? undefined : yield* this.#execute(statement.no);
      case 'loop': {
        const { first, condition, step, body, isDo } = statement;
        if (first !== undefined) yield* this.#evaluate(first);
        for (let skipsCondition = isDo; ; skipsCondition = false) {
          if (!skipsCondition && condition !== undefined && !isTrue(yield* this.#evaluate(condition)))
            return undefined;
          const outcome = yield* this.#execute(body);
          if (outcome === 'break') return undefined;
          if (outcome !== undefined && outcome !== 'continue') return outcome;
          if (step !== undefined) yield* this.#evaluate(step);
          const turn = this.#turn();
          if (turn !== undefined) yield turn;
        }
      }
      case 'forIn':
        for (const key of this.#variables.arrayOf(statement.array).keys()) {
          yield* this.#store(statement.target, key);
          const outcome = yield* this.#execute(statement.body);
          if (outcome === 'break') return undefined;
          if (outcome !== undefined && outcome !== 'continue') return outcome;
          const turn = this.#turn();
          if (turn !== undefined) yield turn;
        }
        return undefined;
      case 'delete': {
        const array = this.#variables.arrayOf(statement.array);
        if (statement.indices === undefined) array.clear();
        else {
          const { key, number } = yield* this.#key(statement.indices);
          array.delete(key, number);
        }
        return undefined;
      }
      case 'exit':
        if (statement.value !== undefined)
          this.#exit = Math.trunc(toNumber(yield* this.#evaluate(statement.value)));
        throw new Exit();
      case 'return':
        this.#result = statement.value === undefined ? undefined : yield* this.#evaluate(statement.value);
        return 'return';
      default:
        return statement.kind;
    }
  }

  /** What print says of these; of none: of the record. */
  #line(values: readonly Value[]): string {
    const shown = values.length === 0 ? [this.#fields.record] : values;
    const format = this.#variables.text('OFMT');
    return (
      shown.map((value) => toText(value, format)).join(this.#variables.text('OFS')) +
      this.#variables.text('ORS')
    );
  }

  /** As printf says it; where that cannot be, what came before is said. */
  *#format(values: readonly Value[]): Task<string> {
    let text = '';
    try {
      for (const piece of printfPieces('printf', values, this.#variables.text('CONVFMT'))) text += piece;
    } catch (error) {
      yield* this.#streams.print(text);
      throw error;
    }
    return text;
  }

  *#evaluateAll(expressions: readonly Expression[]): Task<Value[]> {
    const values: Value[] = [];
    for (const expression of expressions) {
      const value = this.#now(expression);
      values.push(value === LATER ? yield* this.#evaluate(expression) : value);
    }
    return values;
  }

  *#evaluate(expression: Expression): Task<Value> {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return (yield* this.#patterns.test(expression.text, this.#variables.toText(this.#fields.record)))
          ? 1
          : 0;
      case 'variable':
        return this.#variables.get(expression.variable);
      case 'fieldCount':
        return yield* this.#fields.count();
      case 'field': {
        const index = this.#now(expression.index);
        return yield* this.#fields.get(index === LATER ? yield* this.#evaluate(expression.index) : index);
      }
      case 'element':
        return yield* this.#load(yield* this.#place(expression));
      case 'assign': {
        const { target, operator, value } = expression;
        const place = target.kind === 'variable' ? target : yield* this.#place(target);
        let result = this.#now(value);
        if (result === LATER) result = yield* this.#evaluate(value);
        const isVariable = place.kind === 'variable';
        if (operator !== undefined) {
          const before = isVariable ? this.#variables.get(place.variable) : yield* this.#load(place);
          result = calculate(operator, toNumber(before), toNumber(result));
        }
        if (isVariable) this.#variables.set(place.variable, result);
        else yield* this.#store(place, result);
        return result;
      }
      case 'increment': {
        const { target, by, isPrefix } = expression;
        const place = target.kind === 'variable' ? target : yield* this.#place(target);
        const isVariable = place.kind === 'variable';
        const before = toNumber(isVariable ? this.#variables.get(place.variable) : yield* this.#load(place));
        if (isVariable) this.#variables.set(place.variable, before + by);
        else yield* this.#store(place, before + by);
        return isPrefix ? before + by : before;
      }
      case 'unary': {
        const operand = yield* this.#evaluate(expression.operand);
        if (expression.operator === '!') return isTrue(operand) ? 0 : 1;
        return expression.operator === '-' ? -toNumber(operand) : toNumber(operand);
      }
      case 'arithmetic': {
        let left = this.#now(expression.left);
        if (left === LATER) left = yield* this.#evaluate(expression.left);
        let right = this.#now(expression.right);
        if (right === LATER) right = yield* this.#evaluate(expression.right);
        return calculate(expression.operator, toNumber(left), toNumber(right));
      }
      case 'comparison': {
        let left = this.#now(expression.left);
        if (left === LATER) left = yield* this.#evaluate(expression.left);
        let right = this.#now(expression.right);
        if (right === LATER) right = yield* this.#evaluate(expression.right);
        return holds(expression.operator, compare(left, right, this.#variables.text('CONVFMT'))) ? 1 : 0;
      }
      case 'concatenation': {
        let left = this.#now(expression.left);
        if (left === LATER) left = yield* this.#evaluate(expression.left);
        const before = this.#variables.toText(left);
        let right = this.#now(expression.right);
        if (right === LATER) right = yield* this.#evaluate(expression.right);
        const text = before + this.#variables.toText(right);
        if (text.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
        return text;
      }
      case 'logical': {
        const isAnd = expression.operator === '&&';
        if (isTrue(yield* this.#evaluate(expression.left)) !== isAnd) return isAnd ? 0 : 1;
        return isTrue(yield* this.#evaluate(expression.right)) ? 1 : 0;
      }
      case 'conditional': {
        const { condition, yes, no } = expression;
        return yield* this.#evaluate(isTrue(yield* this.#evaluate(condition)) ? yes : no);
      }
      case 'match': {
        const text = this.#variables.toText(yield* this.#evaluate(expression.text));
        const found = yield* this.#patterns.test(yield* this.#pattern(expression.pattern), text);
        return found !== expression.isNegated ? 1 : 0;
      }
      case 'in': {
        const { key, number } = yield* this.#key(expression.indices);
        return this.#variables.arrayOf(expression.array).has(key, number) ? 1 : 0;
      }
      case 'call':
        return yield* this.#call(expression);
      case 'builtin':
        return yield* this.#builtin(expression);
      case 'getline':
        return yield* this.#getline(expression);
      case 'list':
        throw new Error('a list is no value');
    }
  }

  /** What is known without any work. It saves most of the time, which is spent on what might have to wait. */
  #now(expression: Expression): Value | typeof LATER {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'variable':
        return this.#variables.get(expression.variable);
      default:
        return LATER;
    }
  }

  *#place(target: Target): Task<Place> {
    switch (target.kind) {
      case 'variable':
      case 'fieldCount':
        return target;
      case 'field':
        return { kind: 'field', index: yield* this.#evaluate(target.index) };
      case 'element': {
        const found = yield* this.#key(target.indices);
        return { kind: 'element', array: this.#variables.arrayOf(target.array), ...found };
      }
    }
  }

  *#load(place: Place): Task<Value> {
    switch (place.kind) {
      case 'variable':
        return this.#variables.get(place.variable);
      case 'fieldCount':
        return yield* this.#fields.count();
      case 'element':
        return place.array.get(place.key, place.number);
      case 'field':
        return yield* this.#fields.get(place.index);
    }
  }

  *#store(place: Place, value: Value): Task<void> {
    switch (place.kind) {
      case 'variable':
        this.#variables.set(place.variable, value);
        break;
      case 'fieldCount':
        yield* this.#fields.setCount(Math.trunc(toNumber(value)));
        break;
      case 'element':
        place.array.set(place.key, place.number, value);
        break;
      case 'field':
        yield* this.#fields.set(place.index, value);
    }
  }

  /** The index of an element, and as a number if it is a whole one. */
  *#key(indices: readonly Expression[]): Task<{ readonly key: string; readonly number: number | undefined }> {
    const values = yield* this.#evaluateAll(indices);
    const [value] = values;
    if (values.length > 1) {
      const key = values.map((one) => this.#variables.toText(one)).join(this.#variables.text('SUBSEP'));
      return { key, number: undefined };
    }
    const isWhole = typeof value === 'number' && Number.isInteger(value);
    return { key: this.#variables.toText(value), number: isWhole ? value : undefined };
  }

  /** The text of a pattern, whether it stands there or is made. */
  *#pattern(expression: Expression): Task<string> {
    return expression.kind === 'regex'
      ? expression.text
      : this.#variables.toText(yield* this.#evaluate(expression));
  }

  *#call({ callee, args }: Extract<Expression, { kind: 'call' }>): Task<Value> {
    const frame: Frame = [];
    for (const [index, arg] of args.entries()) {
      const isArray = callee.parameters[index]!.type === 'array' && arg.kind === 'variable';
      frame.push(isArray ? this.#variables.arrayOf(arg.variable) : yield* this.#evaluate(arg));
    }
    if (this.#depth >= MOST_CALLS) throw overflow();
    const turn = this.#turn();
    if (turn !== undefined) yield turn;
    const outer = this.#variables.frame;
    this.#variables.frame = frame;
    this.#depth++;
    this.#result = undefined;
    try {
      yield* this.#execute(callee.body!);
    } finally {
      this.#variables.frame = outer;
      this.#depth--;
    }
    const result = this.#result;
    this.#result = undefined;
    return result;
  }

  *#builtin({ name, args }: Extract<Expression, { kind: 'builtin' }>): Task<Value> {
    switch (name) {
      case 'length': {
        const [of] = args;
        if (of?.kind === 'variable' && of.variable.type === 'array')
          return this.#variables.arrayOf(of.variable).size;
        return this.#variables.toText(of === undefined ? this.#fields.record : yield* this.#evaluate(of))
          .length;
      }
      case 'split':
        return yield* this.#split(args);
      case 'match': {
        const text = this.#variables.toText(yield* this.#evaluate(args[0]!));
        const found = yield* this.#patterns.find(yield* this.#pattern(args[1]!), text, 0);
        const start = found === undefined ? 0 : found.start + 1;
        this.#variables.variable('RSTART').value = start;
        this.#variables.variable('RLENGTH').value = found === undefined ? -1 : found.end - found.start;
        return start;
      }
      case 'sub':
      case 'gsub': {
        const pattern = yield* this.#pattern(args[0]!);
        const replacement = this.#variables.toText(yield* this.#evaluate(args[1]!));
        const place = yield* this.#place((args[2] as Target | undefined) ?? RECORD);
        const text = this.#variables.toText(yield* this.#load(place));
        const result = yield* substitute(text, pattern, replacement, name === 'gsub', this.#patterns);
        if (result.count > 0) yield* this.#store(place, result.text);
        return result.count;
      }
      case 'system':
        return yield* this.#streams.system(this.#variables.toText(yield* this.#evaluate(args[0]!)));
      case 'close':
        return yield* this.#streams.close(this.#variables.toText(yield* this.#evaluate(args[0]!)));
      case 'fflush': {
        const of = args[0] === undefined ? undefined : this.#variables.toText(yield* this.#evaluate(args[0]));
        return (yield* this.#streams.flush(of === '' ? undefined : of)) ? 0 : -1;
      }
      default: {
        const values = yield* this.#evaluateAll(args);
        const { clock } = this.#environment;
        return FUNCTIONS[name]!(values, {
          clock,
          format: this.#variables.text('CONVFMT'),
          random: this.#random,
        });
      }
    }
  }

  *#split([of, into, separator]: readonly Expression[]): Task<number> {
    const text = this.#variables.toText(yield* this.#evaluate(of!));
    const pieces =
      separator?.kind === 'regex'
        ? yield* splitPattern(text, separator.text, this.#patterns)
        : yield* splitText(
            text,
            separator === undefined
              ? this.#variables.text('FS')
              : this.#variables.toText(yield* this.#evaluate(separator)),
            this.#patterns,
          );
    const { variable } = into as Extract<Expression, { kind: 'variable' }>;
    this.#variables.arrayOf(variable).fill(pieces.map((piece) => new Input(piece)));
    return pieces.length;
  }

  /** 1 for a record, 0 at the end, -1 if it cannot be read. As in mawk, a command's records do not count in NR. */
  *#getline({ from, source, target }: Extract<Expression, { kind: 'getline' }>): Task<number> {
    let record: Input | undefined;
    let place: Place | undefined;
    if (from === 'input') {
      place = target && (yield* this.#place(target));
      record = yield* this.#nextRecord();
    } else {
      const name = this.#variables.toText(yield* this.#evaluate(source!));
      place = target && (yield* this.#place(target));
      const records = yield* this.#streams.source(from, name);
      if (records === undefined) return -1;
      const text = yield* records.next(this.#variables.text('RS'));
      if (text !== undefined) record = new Input(text);
    }
    if (record === undefined) return 0;
    if (place === undefined) this.#fields.record = record;
    else yield* this.#store(place, record);
    return 1;
  }
}

const RECORD: Target = { kind: 'field', index: { kind: 'number', value: 0 } };

/** mawk has room for so many values. */
export function overflow(): AwkFailure {
  return new AwkFailure('program limit exceeded: eval stack size=1024');
}
