import { goSyntax, goTypeName, goValue } from '../go-values.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Atom, LeafType } from './atom.ts';
import { elementOf, isObject } from './items.ts';
import { elementText, fieldElement } from './path-element.ts';

/**
 * What of an applied configuration does not fit its type, as texts: ".spec.foo: field not declared in schema".
 * Models sigs.k8s.io/structured-merge-diff typed Validate.
 */
export function validate(atom: Atom, config: JsonObject): string[] {
  return problems(atom, config).map(({ path, text }) => (path === '' ? text : `${path}: ${text}`));
}

/** Upstream's words for one or several problems. Models ValidationErrors.Error. */
export function problemsText(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

interface Problem {
  readonly path: string;
  readonly text: string;
}

const at = (prefix: string, found: readonly Problem[]): Problem[] =>
  found.map(({ path, text }) => ({ path: prefix + path, text }));
const one = (text: string): Problem[] => [{ path: '', text }];

function problems(atom: Atom, value: Json): Problem[] {
  switch (atom.kind) {
    case 'deduced':
      return [];
    case 'leaf':
      return leafProblems(atom.scalar, value);
    case 'structure': {
      if (value === null) return [];
      if (!isObject(value)) return one(`expected map, got ${wrapped(value)}`);
      return Object.keys(value).flatMap((name) => {
        const path = elementText(fieldElement(name));
        const field = atom.fields.get(name);
        if (field === undefined && atom.open) return [];
        return field === undefined
          ? at(path, one('field not declared in schema'))
          : at(path, problems(field.atom, value[name]!));
      });
    }
    case 'map':
      if (value === null) return [];
      if (!isObject(value)) return one(`expected map, got ${wrapped(value)}`);
      return Object.keys(value).flatMap((key) =>
        at(elementText(fieldElement(key)), problems(atom.values, value[key]!)),
      );
    default:
      return listProblems(atom, value);
  }
}

function listProblems(atom: Extract<Atom, { kind: 'set' | 'associative-list' }>, value: Json): Problem[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return one(`expected list, got ${wrapped(value)}`);
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let element: string;
    try {
      element = elementOf(atom, item);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return [...found, ...one(`element ${index}: ${error.message}`)];
    }
    if (seen.has(element)) found.push(...one(`duplicate entries for key ${elementText(element)}`));
    seen.add(element);
    found.push(...at(elementText(element), problems(atom.items, item)));
  }
  return found;
}

function leafProblems(type: LeafType, value: Json): Problem[] {
  if (value === null || type === 'any') return [];
  switch (type) {
    case 'string':
      return typeof value === 'string'
        ? []
        : one(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    case 'numeric':
      return typeof value === 'number'
        ? []
        : one(`expected numeric (int or float), got ${goTypeName(value)}`);
    case 'boolean':
      return typeof value === 'boolean' ? [] : one(`expected boolean, got ${wrapped(value)}`);
    case 'untyped':
      return typeof value === 'object' ? one(`expected any scalar, got ${wrapped(value)}`) : [];
  }
  if (type.of === 'map') return problems(type.inner(), value);
  if (!Array.isArray(value)) return one(`expected list, got ${wrapped(value)}`);
  return value.flatMap((item, index) => at(`[${index}]`, problems(type.inner(), item)));
}

/** The value's wrapper, as Go's %v prints it. */
function wrapped(value: Json): string {
  return `&{${goValue(value)}}`;
}
