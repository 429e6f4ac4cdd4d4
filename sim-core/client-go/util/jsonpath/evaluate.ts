import { goTypeName, goValue } from '../../../apimachinery/go-values.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import type { Json } from '../../../apimachinery/object.ts';
import { JsonPathError, type JsonPathNode } from './parser.ts';

export interface JsonPathOptions {
  /** False: a field that is not there is an error. */
  readonly allowMissingKeys: boolean;
}

/**
 * The text of a template for `root`: the values of each expression joined by spaces.
 * Models client-go/util/jsonpath JSONPath.Execute.
 */
export function executeJsonPath(
  nodes: readonly JsonPathNode[],
  root: unknown,
  options: JsonPathOptions,
): string {
  return findJsonPath(nodes, root, options)
    .map((values) => values.map(printed).join(' '))
    .join('');
}

/** The values that the pieces of a template find, one list for each. Models JSONPath.FindResults. */
export function findJsonPath(
  nodes: readonly JsonPathNode[],
  root: unknown,
  options: JsonPathOptions,
): Json[][] {
  return new Evaluation(options).find(nodes, root as Json);
}

class Evaluation {
  readonly #options: JsonPathOptions;
  #begun = 0;
  #depth = 0;
  #ended = 0;
  #lastEnd: JsonPathNode | undefined;

  constructor(options: JsonPathOptions) {
    this.#options = options;
  }

  find(nodes: readonly JsonPathNode[], data: Json | undefined): Json[][] {
    const found: Json[][] = [];
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!;
      const values = this.#walk(node, data === undefined ? [] : [data]);
      if (this.#ended > 0 && this.#ended <= this.#depth) {
        this.#ended--;
        this.#lastEnd = node;
        break;
      }
      if (this.#begun === 0) {
        found.push(values);
        continue;
      }
      this.#begun--;
      this.#depth++;
      const body = nodes.slice(index + 1);
      for (const value of values) found.push(...this.find(body, value));
      // Where the range has nothing, its end must be found all the same.
      if (values.length === 0) this.find(body, undefined);
      this.#depth--;
      const end = this.#lastEnd === undefined ? -1 : nodes.indexOf(this.#lastEnd, index + 1);
      // A range without an end goes on with what follows it, once more for what is outside.
      if (end >= 0) index = end;
    }
    return found;
  }

  #list(nodes: readonly JsonPathNode[], input: readonly Json[]): Json[] {
    return nodes.reduce<Json[]>((values, node) => this.#walk(node, values), [...input]);
  }

  #walk(node: JsonPathNode, input: readonly Json[]): Json[] {
    switch (node.type) {
      case 'list':
        return this.#list(node.nodes, input);
      case 'text':
        return [node.text];
      case 'literal':
        return input.map(() => node.value);
      case 'field':
        return this.#field(node.name, input);
      case 'slice':
        return input.filter((value) => value !== null).flatMap((value) => sliceOf(node, value));
      case 'filter':
        return input.flatMap((value) => this.#filter(node, value));
      case 'wildcard':
        return input.flatMap(children);
      case 'recursive':
        return input.flatMap(descendants);
      case 'union':
        return node.members.flatMap((member) => this.#list(member, input));
      case 'identifier':
        return this.#identifier(node.name, input);
    }
  }

  #identifier(name: string, input: readonly Json[]): Json[] {
    if (name === 'range') {
      this.#begun++;
      return [...input];
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`);
    if (this.#depth === 0) throw new JsonPathError('not in range, nothing to end');
    this.#ended++;
    return [];
  }

  #field(name: string, input: readonly Json[]): Json[] {
    if (input.length === 0) return [];
    const found = input.flatMap((value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
        ? [value[name]!]
        : [],
    );
    if (found.length > 0 || this.#options.allowMissingKeys) return found;
    throw new JsonPathError(`${name} is not found`);
  }

  #filter({ left, operator, right }: JsonPathNode & { readonly type: 'filter' }, value: Json): Json[] {
    if (!Array.isArray(value))
      throw new JsonPathError(`${goValue(value)} is not array or slice and cannot be filtered`);
    return value.filter((item) => {
      if (operator === 'exists') return this.#exists(left, item);
      const [a, ...more] = this.#list(left, [item]);
      if (a === undefined) return false;
      const [b, ...others] = this.#list(right, [item]);
      if (more.length > 0 || others.length > 0)
        throw new JsonPathError('can only compare one element at a time');
      return b === undefined ? false : compare(a, operator, b);
    });
  }

  /** A path that leads nowhere is no error here. */
  #exists(path: readonly JsonPathNode[], item: Json): boolean {
    try {
      return this.#list(path, [item]).length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return false;
      throw error;
    }
  }
}

/** What a value holds, in the order of the keys; of a text its bytes. */
function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value].map((character) => character.codePointAt(0)!);
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]!);
}

function descendants(value: Json): Json[] {
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descendants)];
}

function sliceOf({ start, end, step }: JsonPathNode & { readonly type: 'slice' }, value: Json): Json[] {
  if (!Array.isArray(value)) throw new JsonPathError(`${goTypeName(value)} is not array or slice`);
  const { length } = value;
  const fromEnd = (index: number) => (index < 0 ? index + length : index);
  const first = fromEnd(start ?? 0);
  let last = fromEnd(end?.value ?? length);
  if (end?.value === 0 && end.derived) last += length;
  if (first === last) return [];
  const outOfBounds = (index: number) =>
    new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  if (first >= length || first < 0) throw outOfBounds(first);
  if (last > length || last < 0) throw outOfBounds(last - 1);
  if (first > last) throw new JsonPathError(`starting index ${first} is greater than ending index ${last}`);
  if (step !== undefined && step <= 0) throw new JsonPathError('step must be > 0');
  return value.slice(first, last).filter((_, index) => index % (step ?? 1) === 0);
}

/** Models the forked text/template's Equal, Less and the like. */
function compare(left: Json, operator: string, right: Json): boolean {
  if (!/^([<>=!]=|[<>])$/.test(operator)) throw new JsonPathError(`unrecognized filter operator ${operator}`);
  const [a, b] = [basicKind(left), basicKind(right)];
  if (a === undefined || b === undefined) throw new JsonPathError('invalid type for comparison');
  if (a !== b) throw new JsonPathError('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (a === 'bool') throw new JsonPathError('invalid type for comparison');
  switch (operator) {
    case '<':
      return left! < right!;
    case '<=':
      return left! <= right!;
    case '>':
      return left! > right!;
    default:
      return left! >= right!;
  }
}

function basicKind(value: Json): string | undefined {
  const type = goTypeName(value);
  return /^(bool|string|int64|float64)$/.test(type) ? type : undefined;
}

function printed(value: Json): string {
  return value === null ? 'null' : valueText(value);
}

/** A value that was found as text: structures as JSON. Models JSONPath.evalToText. */
export function valueText(value: Json): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : goJson(value);
}
