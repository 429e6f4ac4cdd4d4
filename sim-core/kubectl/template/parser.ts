import { FUNCTIONS } from './functions.ts';
import { splitTemplate, TemplateError, type Token } from './lexer.ts';

/** What has a value in a template, and where it stands. */
export type Operand = OperandValue & { readonly position: number };

type OperandValue =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'dot' }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly type: 'chain'; readonly base: Operand; readonly fields: readonly string[] };

/** "printf "%s" .name": the first operand may be a function, the others are its arguments. */
export type Command = readonly Operand[];

export interface Pipeline {
  readonly commands: readonly Command[];
  /** `$x := …` or, in a range, `$i, $x := …`. */
  readonly variables: readonly string[];
  /** `$x = …`: the variable exists. */
  readonly assigns: boolean;
}

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipeline: Pipeline }
  | {
      readonly type: 'if' | 'range' | 'with';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly type: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly type: 'break' | 'continue' };

export interface ParsedTemplate {
  readonly source: string;
  readonly nodes: readonly Node[];
  /** Those of {{define}} and {{block}}. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

type Ending = 'end' | 'else';

/** Models text/template/parse. Throws a {@link TemplateError}. */
export function parseTemplate(template: string): ParsedTemplate {
  return new Parser(template).parse();
}

class Parser {
  readonly #pieces;
  readonly #source: string;
  readonly #named = new Map<string, readonly Node[]>();
  #at = 0;

  constructor(template: string) {
    this.#source = template;
    this.#pieces = splitTemplate(template);
  }

  parse(): ParsedTemplate {
    const { nodes, ending, line } = this.#list();
    if (ending !== undefined) throw new TemplateError(`${line}: unexpected {{${ending}}}`);
    const parsed = { source: this.#source, nodes, named: this.#named };
    const [missing] = undefinedFunctions(parsed);
    if (missing !== undefined) throw new TemplateError(`1: function ${JSON.stringify(missing)} not defined`);
    return parsed;
  }

  /** Nodes up to {{end}} or {{else}}; `rest` is what stands after the else. */
  #list(): { nodes: Node[]; ending?: Ending; rest: readonly Token[]; line: number } {
    const nodes: Node[] = [];
    let line = 1;
    for (; this.#at < this.#pieces.length;) {
      const piece = this.#pieces[this.#at++]!;
      if ('text' in piece) {
        nodes.push({ type: 'text', text: piece.text });
        continue;
      }
      line = piece.line;
      const [first, ...rest] = piece.action;
      const keyword = first?.type === 'word' ? first.text : '';
      if (keyword === 'end' || keyword === 'else') return { nodes, ending: keyword, rest, line };
      nodes.push(...this.#node(keyword, piece.action, rest, line));
    }
    return { nodes, rest: [], line };
  }

  #node(keyword: string, tokens: readonly Token[], rest: readonly Token[], line: number): Node[] {
    switch (keyword) {
      case 'if':
      case 'range':
      case 'with':
        return [this.#control(keyword, rest, line)];
      case 'break':
      case 'continue':
        return [{ type: keyword }];
      case 'define': {
        this.#named.set(this.#name(rest, line), this.#body(line).body);
        return [];
      }
      case 'block': {
        const name = this.#name(rest, line);
        this.#named.set(name, this.#body(line).body);
        return [{ type: 'template', name, pipeline: pipelineOf(rest.slice(1), line) }];
      }
      case 'template':
        return [
          {
            type: 'template',
            name: this.#name(rest, line),
            pipeline: rest.length > 1 ? pipelineOf(rest.slice(1), line) : undefined,
          },
        ];
      default:
        return [{ type: 'action', pipeline: pipelineOf(tokens, line) }];
    }
  }

  #name([token]: readonly Token[], line: number): string {
    if (token?.type !== 'string') throw new TemplateError(`${line}: missing name of a template`);
    return token.text;
  }

  #control(type: 'if' | 'range' | 'with', tokens: readonly Token[], line: number): Node {
    if (tokens.length === 0) throw new TemplateError(`${line}: missing value for ${type}`);
    const pipeline = pipelineOf(tokens, line);
    return { type, pipeline, ...this.#body(line) };
  }

  #body(line: number): { body: readonly Node[]; otherwise: readonly Node[] } {
    const { nodes: body, ending, rest } = this.#list();
    if (ending === undefined) throw new TemplateError(`${line}: unexpected EOF`);
    if (ending === 'end') return { body, otherwise: [] };
    const [next, ...tokens] = rest;
    // {{else if x}} is an if in the else, which shares its end.
    if (next?.type === 'word' && (next.text === 'if' || next.text === 'with'))
      return { body, otherwise: [this.#control(next.text, tokens, line)] };
    const otherwise = this.#list();
    if (otherwise.ending !== 'end') throw new TemplateError(`${line}: expected end; found {{else}}`);
    return { body, otherwise: otherwise.nodes };
  }
}

function pipelineOf(tokens: readonly Token[], line: number): Pipeline {
  const isSymbol = (index: number, text: string) =>
    tokens[index]?.type === 'symbol' && tokens[index].text === text;
  const variables: string[] = [];
  let at = 0;
  let assigns = false;
  const declares = tokens.findIndex(({ type, text }) => type === 'symbol' && (text === ':=' || text === '='));
  if (declares > 0 && tokens[0]!.type === 'variable') {
    for (; at < declares; at++) if (tokens[at]!.type === 'variable') variables.push(tokens[at]!.text);
    assigns = isSymbol(declares, '=');
    at = declares + 1;
  }
  const commands: Command[] = [];
  let command: Operand[] = [];
  const finish = () => {
    if (command.length === 0) throw new TemplateError(`${line}: missing value for command`);
    commands.push(command);
    command = [];
  };
  while (at < tokens.length) {
    if (isSymbol(at, '|')) {
      finish();
      at++;
      continue;
    }
    const [operand, next] = operandAt(tokens, at, line);
    command.push(operand);
    at = next;
  }
  finish();
  return { commands, variables, assigns };
}

/** The operand at `at` with the fields that hang on it, and where the next begins. */
function operandAt(tokens: readonly Token[], at: number, line: number): [Operand, number] {
  const [first, after] = termAt(tokens, at, line);
  const fields: string[] = [];
  let next = after;
  while (tokens[next]?.type === 'field' && !tokens[next]!.spaced) fields.push(tokens[next++]!.text);
  if (fields.length === 0) return [first, next];
  // Such a chain stands where its second part does.
  const { position } = tokens[after]!;
  return first.type === 'chain'
    ? [{ ...first, position, fields: [...first.fields, ...fields] }, next]
    : [{ type: 'chain', base: first, position, fields }, next];
}

function termAt(tokens: readonly Token[], at: number, line: number): [Operand, number] {
  const { type, text, position } = tokens[at]!;
  switch (type) {
    case 'string':
      return [{ type: 'literal', value: text, position }, at + 1];
    case 'number': {
      const value = Number(text.replaceAll('_', ''));
      if (Number.isNaN(value)) throw new TemplateError(`${line}: bad number syntax: ${JSON.stringify(text)}`);
      return [{ type: 'literal', value, position }, at + 1];
    }
    case 'field':
      return [{ type: 'chain', base: { type: 'dot', position }, position, fields: [text] }, at + 1];
    case 'variable':
      return [{ type: 'variable', name: text, position }, at + 1];
    case 'word':
      if (text === 'true' || text === 'false')
        return [{ type: 'literal', value: text === 'true', position }, at + 1];
      if (text === 'nil') return [{ type: 'literal', value: null, position }, at + 1];
      return [{ type: 'function', name: text, position }, at + 1];
    case 'symbol':
      if (text === '.') return [{ type: 'dot', position }, at + 1];
      if (text !== '(') throw new TemplateError(`${line}: unexpected ${JSON.stringify(text)} in operand`);
      return parenthesis(tokens, at, line);
  }
}

function parenthesis(tokens: readonly Token[], at: number, line: number): [Operand, number] {
  let depth = 0;
  for (let end = at; end < tokens.length; end++) {
    const { type, text } = tokens[end]!;
    if (type !== 'symbol') continue;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0)
      return [
        {
          type: 'pipeline',
          pipeline: pipelineOf(tokens.slice(at + 1, end), line),
          position: tokens[at]!.position,
        },
        end + 1,
      ];
  }
  throw new TemplateError(`${line}: unclosed left paren`);
}

function undefinedFunctions(template: ParsedTemplate): string[] {
  const missing: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const { type, name } = value as { type?: string; name?: string };
    if (type === 'function' && name !== 'and' && name !== 'or' && !FUNCTIONS.has(name!)) missing.push(name!);
    Object.values(value).forEach(visit);
  };
  visit([...template.nodes, ...template.named.values()]);
  return missing;
}
