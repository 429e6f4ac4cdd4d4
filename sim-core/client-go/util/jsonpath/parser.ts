/** A piece of a template: text between braces, or an expression. Models client-go/util/jsonpath Node. */
export type JsonPathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly steps: readonly Step[] }
  | { readonly type: 'range'; readonly steps: readonly Step[]; readonly body: readonly JsonPathNode[] };

export type Step =
  | { readonly type: 'root' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'slice'; readonly start?: number; readonly end?: number; readonly step?: number }
  | { readonly type: 'union'; readonly members: readonly (readonly Step[])[] }
  | { readonly type: 'filter'; readonly left: Operand; readonly operator: string; readonly right: Operand };

export type Operand =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'path'; readonly steps: readonly Step[] };

/** A template that is none; the message is client-go's. */
export class JsonPathError extends Error {}

/** Parses a kubectl template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`. */
export function parseJsonPath(template: string): JsonPathNode[] {
  const pieces = splitPieces(template);
  let index = 0;
  const block = (inRange: boolean): JsonPathNode[] => {
    const nodes: JsonPathNode[] = [];
    while (index < pieces.length) {
      const piece = pieces[index++]!;
      if (piece.type === 'text') {
        nodes.push({ type: 'text', text: piece.text });
        continue;
      }
      const text = piece.text.trim();
      if (text === 'end') {
        if (inRange) return nodes;
        throw new JsonPathError('not in range, nothing to end');
      }
      if (/^range\b/.test(text)) {
        const steps = parsePath(text.slice(5).trim());
        nodes.push({ type: 'range', steps, body: block(true) });
        continue;
      }
      nodes.push(...parseExpression(text));
    }
    if (inRange) throw new JsonPathError('unterminated range');
    return nodes;
  };
  return block(false);
}

/**
 * What people write for --sort-by and custom columns, as a template: "x.y", ".x.y", "{.x.y}".
 * Models kubectl get RelaxedJSONPathExpression.
 */
export function relaxedJsonPath(expression: string): string {
  if (expression === '') return expression;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (match === null) {
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return `{.${match[1] ?? match[2]}}`;
}

interface Piece {
  readonly type: 'text' | 'expression';
  readonly text: string;
}

function splitPieces(template: string): Piece[] {
  const pieces: Piece[] = [];
  let index = 0;
  while (index < template.length) {
    const open = template.indexOf('{', index);
    if (open < 0) {
      pieces.push({ type: 'text', text: template.slice(index) });
      break;
    }
    if (open > index) pieces.push({ type: 'text', text: template.slice(index, open) });
    let quote = '';
    let at = open + 1;
    for (; at < template.length; at++) {
      const character = template[at]!;
      if (quote !== '') {
        if (character === '\\') at++;
        else if (character === quote) quote = '';
      } else if (character === '"' || character === "'") quote = character;
      else if (character === '}') break;
    }
    if (at >= template.length) throw new JsonPathError('unclosed action');
    pieces.push({ type: 'expression', text: template.slice(open + 1, at) });
    index = at + 1;
  }
  return pieces;
}

function parseExpression(text: string): JsonPathNode[] {
  const nodes: JsonPathNode[] = [];
  let rest = text;
  while (rest !== '') {
    const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^'\\]|\\.)*)'/.exec(rest);
    if (quoted !== null) {
      nodes.push({ type: 'text', text: unescape(quoted[1] ?? quoted[2]!) });
      rest = rest.slice(quoted[0].length).trimStart();
      continue;
    }
    const [steps, length] = readPath(rest);
    if (length === 0) throw new JsonPathError(unrecognized(rest));
    nodes.push({ type: 'path', steps });
    rest = rest.slice(length).trimStart();
  }
  return nodes;
}

function unrecognized(text: string): string {
  return /^[A-Za-z]/.test(text)
    ? `unrecognized identifier ${/^[A-Za-z0-9_]+/.exec(text)![0]}`
    : `unrecognized character in action: U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${text[0]}'`;
}

function parsePath(text: string): Step[] {
  const [steps, length] = readPath(text);
  if (length < text.length) throw new JsonPathError(unrecognized(text.slice(length)));
  return steps;
}

/** Reads a path at the beginning of `text`; gives its steps and its length. */
function readPath(text: string): [Step[], number] {
  const steps: Step[] = [];
  let index = 0;
  if (text[0] === '$') {
    steps.push({ type: 'root' });
    index = 1;
  } else if (text[0] === '@') index = 1;
  while (index < text.length) {
    const rest = text.slice(index);
    if (rest.startsWith('..')) {
      steps.push({ type: 'recursive' });
      index += rest[2] === '[' ? 2 : 1;
      if (rest[2] === undefined) index++;
    } else if (rest[0] === '.') {
      index++;
      const after = text.slice(index);
      if (after[0] === '*') {
        steps.push({ type: 'wildcard' });
        index++;
        continue;
      }
      const field = /^(?:\\.|[^\s.[\](){}@$'"*,=<>!|+\\])+/.exec(after)?.[0];
      if (field === undefined) {
        if (after === '' || after[0] === '[' || /^[\s)\]]/.test(after)) continue;
        throw new JsonPathError(unrecognized(after));
      }
      steps.push({ type: 'field', name: field.replace(/\\(.)/g, '$1') });
      index += field.length;
    } else if (rest[0] === '[') {
      const end = closingBracket(rest);
      steps.push(bracketStep(rest.slice(1, end)));
      index += end + 1;
    } else if (index === 0 && /^[A-Za-z_]/.test(rest)) {
      break;
    } else break;
  }
  return [steps, index];
}

function closingBracket(text: string): number {
  let depth = 0;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return index;
  }
  throw new JsonPathError('unterminated array');
}

function bracketStep(text: string): Step {
  const inner = text.trim();
  if (inner === '*') return { type: 'wildcard' };
  if (inner.startsWith('?')) return filterStep(inner);
  const quotedMembers = splitOutsideQuotes(inner, ',');
  if (quotedMembers.length > 1) {
    return { type: 'union', members: quotedMembers.map((member) => [bracketStep(member)]) };
  }
  const quoted = /^"(.*)"$|^'(.*)'$/s.exec(inner);
  if (quoted !== null) return { type: 'field', name: unescape(quoted[1] ?? quoted[2]!) };
  const slice = /^(-?\d*)(?::(-?\d*))?(?::(-?\d*))?$/.exec(inner);
  if (slice === null) throw new JsonPathError(`invalid array index ${inner}`);
  const number = (value: string | undefined) =>
    value === undefined || value === '' ? undefined : Number(value);
  const [start, end, step] = [number(slice[1]), number(slice[2]), number(slice[3])];
  if (!inner.includes(':')) {
    if (start === undefined) throw new JsonPathError(`invalid array index ${inner}`);
    return { type: 'slice', start, ...(start !== -1 && { end: start + 1 }) };
  }
  return {
    type: 'slice',
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(step !== undefined && { step }),
  };
}

function filterStep(text: string): Step {
  const match = /^\?\s*\((.*)\)$/s.exec(text);
  if (match === null) throw new JsonPathError('unterminated filter');
  const body = match[1]!.trim();
  for (const operator of ['==', '!=', '<=', '>=', '<', '>']) {
    const at = indexOutsideQuotes(body, operator);
    if (at < 0) continue;
    return {
      type: 'filter',
      left: operandOf(body.slice(0, at).trim()),
      operator,
      right: operandOf(body.slice(at + operator.length).trim()),
    };
  }
  return {
    type: 'filter',
    left: operandOf(body),
    operator: 'exists',
    right: { type: 'literal', value: true },
  };
}

function operandOf(text: string): Operand {
  const quoted = /^"(.*)"$|^'(.*)'$/s.exec(text);
  if (quoted !== null) return { type: 'literal', value: unescape(quoted[1] ?? quoted[2]!) };
  if (text === 'true' || text === 'false') return { type: 'literal', value: text === 'true' };
  if (text === 'null') return { type: 'literal', value: null };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { type: 'literal', value: Number(text) };
  return { type: 'path', steps: parsePath(text) };
}

function indexOutsideQuotes(text: string, wanted: string): number {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (text.startsWith(wanted, index)) return index;
  }
  return -1;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const at = indexOutsideQuotes(rest, separator);
    if (at < 0) return [...parts, rest];
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + separator.length);
  }
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}
