import { CallError, FUNCTIONS } from './functions.ts';
import { TemplateError } from './lexer.ts';
import type { Command, Node, Operand, ParsedTemplate, Pipeline } from './parser.ts';
import { isTrue, printed } from './values.ts';

export interface ExecuteOptions {
  /** False: a key that is not there is an error. */
  readonly allowMissingKeys: boolean;
}

class Break extends Error {}
class Continue extends Error {}

/** How deep templates may call each other. */
const MAX_DEPTH = 1000;

/** The text that a template makes of `data`. Models text/template. Throws a {@link TemplateError}. */
export function executeTemplate(template: ParsedTemplate, data: unknown, options: ExecuteOptions): string {
  return new Execution(template, data, options).run();
}

/** Variables of a block; the innermost comes last. */
type Scope = Map<string, unknown>;

class Execution {
  readonly #template: ParsedTemplate;
  readonly #options: ExecuteOptions;
  #scopes: Scope[];
  readonly #data: unknown;
  #depth = 0;
  #text = '';

  constructor(template: ParsedTemplate, data: unknown, options: ExecuteOptions) {
    this.#template = template;
    this.#options = options;
    this.#data = data;
    this.#scopes = [new Map([['$', data]])];
  }

  run(): string {
    try {
      this.#nodes(this.#template.nodes, this.#data);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new TemplateError(error.message, this.#text);
    }
    return this.#text;
  }

  #nodes(nodes: readonly Node[], dot: unknown): void {
    this.#scopes.push(new Map());
    try {
      for (const node of nodes) this.#node(node, dot);
    } finally {
      this.#scopes.pop();
    }
  }

  #node(node: Node, dot: unknown): void {
    switch (node.type) {
      case 'text':
        this.#text += node.text;
        return;
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#text += printed(value);
        return;
      }
      case 'if':
      case 'with': {
        this.#scopes.push(new Map());
        const value = this.#pipeline(node.pipeline, dot);
        if (isTrue(value)) this.#nodes(node.body, node.type === 'with' ? value : dot);
        else this.#nodes(node.otherwise, dot);
        this.#scopes.pop();
        return;
      }
      case 'range':
        return this.#range(node, dot);
      case 'template':
        return this.#call(
          node.name,
          node.pipeline === undefined ? undefined : this.#pipeline(node.pipeline, dot),
        );
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
    }
  }

  #call(name: string, data: unknown): void {
    const nodes = this.#template.named.get(name);
    if (nodes === undefined) throw new TemplateError(`template ${JSON.stringify(name)} not defined`);
    if (++this.#depth > MAX_DEPTH) throw new TemplateError('exceeded maximum template depth (100000)');
    const scopes = this.#scopes;
    this.#scopes = [new Map([['$', data]])];
    this.#nodes(nodes, data);
    this.#scopes = scopes;
    this.#depth--;
  }

  #range(node: Node & { readonly type: 'if' | 'range' | 'with' }, dot: unknown): void {
    const value = this.#pipeline({ ...node.pipeline, variables: [] }, dot);
    const entries = entriesOf(value);
    if (entries.length === 0) return this.#nodes(node.otherwise, dot);
    const { variables } = node.pipeline;
    for (const [key, element] of entries) {
      const scope: Scope = new Map();
      if (variables.length === 1) scope.set(variables[0]!, element);
      else if (variables.length > 1) scope.set(variables[0]!, key).set(variables[1]!, element);
      this.#scopes.push(scope);
      try {
        this.#nodes(node.body, element);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      } finally {
        this.#scopes.pop();
      }
    }
  }

  #pipeline({ commands, variables, assigns }: Pipeline, dot: unknown): unknown {
    let value: unknown;
    for (const [index, command] of commands.entries())
      value = this.#command(command, dot, index === 0 ? [] : [value]);
    for (const name of variables) {
      const scope = assigns ? this.#scopes.findLast((one) => one.has(name)) : this.#scopes.at(-1);
      if (scope === undefined) throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
      scope.set(name, value);
    }
    return value;
  }

  /** `final` holds the value that the command before it in the pipeline gave. */
  #command(command: Command, dot: unknown, final: readonly unknown[]): unknown {
    const [first, ...rest] = command as [Operand, ...Operand[]];
    if (first.type !== 'function') {
      if (rest.length + final.length > 0)
        throw this.#error(first, `can't give argument to non-function ${nameOf(first)}`);
      return this.#operand(first, dot);
    }
    const { name } = first;
    if (name === 'and' || name === 'or') return this.#lazily(name, rest, dot, final);
    const args = [...rest.map((operand) => this.#operand(operand, dot)), ...final];
    try {
      return FUNCTIONS.get(name)!(args);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const shown = command.map(nameOf).join(' ');
      throw this.#error(first, `error calling ${name}: ${error.message}`, shown);
    }
  }

  /** `and` and `or` stop at the first operand that decides. */
  #lazily(
    name: 'and' | 'or',
    operands: readonly Operand[],
    dot: unknown,
    final: readonly unknown[],
  ): unknown {
    let value: unknown;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final.length > 0 ? final[0] : value;
  }

  #operand(operand: Operand, dot: unknown): unknown {
    switch (operand.type) {
      case 'literal':
        return operand.value;
      case 'dot':
        return dot;
      case 'variable': {
        const scope = this.#scopes.findLast((one) => one.has(operand.name));
        if (scope === undefined) throw this.#error(operand, `undefined variable: ${operand.name}`);
        return scope.get(operand.name);
      }
      case 'function':
        return this.#command([operand], dot, []);
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'chain':
        return operand.fields.reduce(
          (value: unknown, field) => this.#field(value, field, operand),
          this.#operand(operand.base, dot),
        );
    }
  }

  #field(value: unknown, field: string, chain: Operand): unknown {
    // A field of a key that is not there is not there either.
    if (value === undefined) return undefined;
    if (value === null) throw this.#error(chain, `nil data; no entry for key ${JSON.stringify(field)}`);
    if (typeof value !== 'object' || Array.isArray(value))
      throw this.#error(chain, `can't evaluate field ${field} in type interface {}`);
    const found = (value as Record<string, unknown>)[field];
    if (found === undefined && !this.#options.allowMissingKeys)
      throw this.#error(chain, `map has no entry for key ${JSON.stringify(field)}`);
    return found;
  }

  /** The error with the place: `1:11: executing "output" at <.a.b>: …`. */
  #error(operand: Operand, message: string, shown = nameOf(operand)): TemplateError {
    const { position } = operand;
    const before = this.#template.source.slice(0, position);
    const line = before.split('\n').length;
    const column = position - (before.lastIndexOf('\n') + 1);
    return new TemplateError(`${line}:${column}: executing "output" at <${shown}>: ${message}`);
  }
}

function entriesOf(value: unknown): (readonly [unknown, unknown])[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((element, index) => [index, element] as const);
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index] as const);
  if (typeof value === 'object') return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  throw new TemplateError(`range can't iterate over ${printed(value)}`);
}

/** An operand as it stands in messages: ".items", "$x". */
function nameOf(operand: Operand): string {
  switch (operand.type) {
    case 'chain': {
      const base = operand.base.type === 'dot' ? '' : nameOf(operand.base);
      return base + operand.fields.map((field) => `.${field}`).join('');
    }
    case 'variable':
      return operand.name;
    case 'function':
      return operand.name;
    case 'dot':
      return '.';
    case 'literal':
      return JSON.stringify(operand.value);
    case 'pipeline':
      return `(${operand.pipeline.commands.map((command) => command.map(nameOf).join(' ')).join(' | ')})`;
  }
}
