import { deepEqual } from '../../../apimachinery/copy.ts';
import type { Json } from '../../../apimachinery/object.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { JsonPathError, type JsonPathNode, type Operand, type Step } from './parser.ts';

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
  return render(nodes, root as Json, root as Json, options);
}

/** The values that the expressions of a template find, one list for each. */
export function findJsonPath(
  nodes: readonly JsonPathNode[],
  root: unknown,
  options: JsonPathOptions,
): Json[][] {
  return nodes.flatMap((node) =>
    node.type === 'path' ? [walk(node.steps, [root as Json], root as Json, options)] : [],
  );
}

function render(nodes: readonly JsonPathNode[], current: Json, root: Json, options: JsonPathOptions): string {
  let text = '';
  for (const node of nodes) {
    if (node.type === 'text') text += node.text;
    else if (node.type === 'path')
      text += walk(node.steps, [current], root, options).map(valueText).join(' ');
    else
      for (const item of walk(node.steps, [current], root, options))
        text += render(node.body, item, root, options);
  }
  return text;
}

function walk(steps: readonly Step[], start: readonly Json[], root: Json, options: JsonPathOptions): Json[] {
  let values = [...start];
  for (const step of steps) values = values.flatMap((value) => apply(step, value, root, options));
  return values;
}

function apply(step: Step, value: Json, root: Json, options: JsonPathOptions): Json[] {
  switch (step.type) {
    case 'root':
      return [root];
    case 'field':
      return fieldOf(step.name, value, options);
    case 'wildcard':
      return children(value);
    case 'recursive':
      return descendants(value);
    case 'slice':
      return sliceOf(step, value, options);
    case 'union':
      return step.members.flatMap((member) => walk(member, [value], root, options));
    case 'filter':
      return filterOf(step, value, root);
  }
}

function fieldOf(name: string, value: Json, { allowMissingKeys }: JsonPathOptions): Json[] {
  if (value === null) return [];
  if (typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, name)) return [value[name]!];
  if (allowMissingKeys) return [];
  throw new JsonPathError(`${name} is not found`);
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]!);
}

function descendants(value: Json): Json[] {
  return [
    value,
    ...children(value)
      .filter((child) => typeof child === 'object' && child !== null)
      .flatMap(descendants),
  ];
}

function sliceOf(step: Step & { type: 'slice' }, value: Json, { allowMissingKeys }: JsonPathOptions): Json[] {
  if (!Array.isArray(value)) {
    if (value === null || allowMissingKeys) return [];
    throw new JsonPathError(`${goJson(value)} is not array or slice`);
  }
  const { length } = value;
  const absolute = (index: number) => (index < 0 ? index + length : index);
  const start = absolute(step.start ?? 0);
  const end = Math.min(step.end === undefined ? length : absolute(step.end), length);
  const isIndex = step.end !== undefined && step.start !== undefined && step.end === step.start + 1;
  if ((isIndex || step.start === -1) && (start < 0 || start >= length)) {
    if (allowMissingKeys && length === 0) return [];
    throw new JsonPathError(`array index out of bounds: index ${start}, length ${length}`);
  }
  if (step.start !== undefined && (start < 0 || start > length)) {
    throw new JsonPathError(`array index out of bounds: index ${start}, length ${length}`);
  }
  const picked: Json[] = [];
  for (let index = start; index < end; index += Math.max(1, step.step ?? 1)) picked.push(value[index]!);
  return picked;
}

function filterOf(step: Step & { type: 'filter' }, value: Json, root: Json): Json[] {
  const items = Array.isArray(value) ? value : children(value);
  return items.filter((item) => {
    const left = operandValues(step.left, item, root);
    if (step.operator === 'exists') return left.length > 0;
    const right = operandValues(step.right, item, root);
    if (left.length === 0 || right.length === 0) return false;
    return compare(left[0]!, step.operator, right[0]!);
  });
}

function operandValues(operand: Operand, item: Json, root: Json): Json[] {
  return operand.type === 'literal'
    ? [operand.value]
    : walk(operand.steps, [item], root, { allowMissingKeys: true });
}

function compare(left: Json, operator: string, right: Json): boolean {
  if (operator === '==') return deepEqual(left, right);
  if (operator === '!=') return !deepEqual(left, right);
  if (left === null || right === null) return false;
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

/** A value that was found as text: structures as JSON. Models JSONPath.evalToText. */
export function valueText(value: Json): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : goJson(value);
}
