import { AwkSyntaxError } from './lexer.ts';
import type { Expression, UserFunction, Variable } from './syntax.ts';

interface Call {
  readonly callee: UserFunction;
  readonly args: readonly Expression[];
  readonly line: number;
}

/** The names that a program has used so far, and what each is: a variable, an array, a function. */
export class Scope {
  readonly globals = new Map<string, Variable>();
  readonly #functions = new Map<string, UserFunction>();
  readonly #calls: Call[] = [];
  #locals = new Map<string, Variable>();

  constructor() {
    for (const name of ['ENVIRON', 'ARGV']) this.#use(this.variable(name), 'array', 0);
  }

  /** The variable of that name, which is made if there is none. */
  variable(name: string): Variable {
    const found = this.#locals.get(name) ?? this.globals.get(name);
    if (found !== undefined) return found;
    const made: Variable = { name, type: 'unknown', value: undefined, array: undefined };
    this.globals.set(name, made);
    return made;
  }

  scalar(name: string, line: number): Variable {
    return this.#use(this.variable(name), 'scalar', line);
  }

  array(name: string, line: number): Variable {
    return this.#use(this.variable(name), 'array', line);
  }

  isLocal(name: string): boolean {
    return this.#locals.has(name);
  }

  isFunction(name: string): boolean {
    return this.#functions.has(name);
  }

  function(name: string): UserFunction {
    const found = this.#functions.get(name);
    if (found !== undefined) return found;
    const made: UserFunction = { name, parameters: [], body: undefined };
    this.#functions.set(name, made);
    return made;
  }

  /** From here on these names mean a function's own; none: it is over. */
  enter(names: readonly string[]): Variable[] {
    const variables = names.map((name, slot): Variable => ({
      name,
      type: 'unknown',
      slot,
      value: undefined,
      array: undefined,
    }));
    this.#locals = new Map(variables.map((variable) => [variable.name, variable]));
    return variables;
  }

  call(callee: UserFunction, args: readonly Expression[], line: number): void {
    this.#calls.push({ callee, args, line });
  }

  /**
   * Finds out, from what functions do with their parameters, what the names are that are only handed on, and the other
   * way round. Throws an {@link AwkSyntaxError} for a call that cannot be. Models resolve_fcalls of mawk/fcall.c.
   */
  resolve(line: number): void {
    for (let changes = true; changes;) {
      changes = false;
      for (const call of this.#calls) if (this.#resolveCall(call, line)) changes = true;
    }
    for (const variable of this.globals.values()) if (variable.type === 'unknown') variable.type = 'scalar';
  }

  /** True if it has told what one of the names is. */
  #resolveCall({ callee, args, line }: Call, lastLine: number): boolean {
    const { name, parameters, body } = callee;
    if (body === undefined) throw new AwkSyntaxError(`function ${name} never defined`, lastLine);
    if (args.length > parameters.length)
      throw new AwkSyntaxError(`too many arguments in call to ${name}`, line);
    let changes = false;
    for (const [index, arg] of args.entries()) {
      const parameter = parameters[index]!;
      const given = arg.kind === 'variable' ? arg.variable : undefined;
      const type = given?.type ?? 'scalar';
      if (type === parameter.type) continue;
      if (type !== 'unknown' && parameter.type !== 'unknown') {
        const [actual, wanted] = type === 'array' ? ['array', 'variable'] : ['variable', 'array'];
        throw new AwkSyntaxError(
          `type error in arg(${index + 1}) in call to ${name} (actual local ${actual} vs local ${wanted})`,
          line,
        );
      }
      if (type === 'unknown') given!.type = parameter.type;
      else if (given === undefined) continue;
      else parameter.type = type;
      changes = true;
    }
    return changes;
  }

  #use(variable: Variable, type: 'scalar' | 'array', line: number): Variable {
    if (variable.type === 'unknown') variable.type = type;
    if (variable.type === type) return variable;
    const local = variable.slot === undefined ? '' : 'local ';
    const is = variable.type === 'array' ? 'array' : 'variable';
    throw new AwkSyntaxError(`illegal reference to ${local}${is} ${variable.name}`, line);
  }
}
