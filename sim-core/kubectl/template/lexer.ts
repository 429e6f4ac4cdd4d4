/** A piece of an action between {{ and }}. */
export interface Token {
  readonly type:
    | 'word' // name of a function or a keyword
    | 'field' // .name
    | 'variable' // $name
    | 'string'
    | 'number'
    | 'symbol'; // . ( ) | , := =
  readonly text: string;
  /** White space stands before it: ".a .b" are two operands, ".a.b" is one. */
  readonly spaced: boolean;
  /** Where it begins in the template. */
  readonly position: number;
}

/** A template as texts and actions. */
export type Piece = { readonly text: string } | { readonly action: readonly Token[]; readonly line: number };

/** A mistake in a template; the message is that of text/template after "template: output:". */
export class TemplateError extends Error {
  /** What was written before it was found. */
  readonly written: string;

  constructor(message: string, written = '') {
    super(message);
    this.written = written;
  }
}

const TOKEN =
  /^(?<variable>\$\w*)|^(?<field>\.[A-Za-z_]\w*)|^(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|^(?<char>'(?:[^'\\\n]|\\.)+')|^(?<number>[+-]?\d[\w.]*)|^(?<word>[A-Za-z_]\w*)|^(?<symbol>:=|[.()|,=])/;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Splits a template. `{{-` and `-}}` take the white space beside them. Models text/template/parse lex. */
export function splitTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  let line = 1;
  let trim = false;
  const count = (text: string) => (line += text.split('\n').length - 1);
  for (;;) {
    const open = rest.indexOf('{{');
    let text = open < 0 ? rest : rest.slice(0, open);
    if (trim) text = text.trimStart();
    if (open >= 0 && /^\{\{-\s/.test(rest.slice(open))) text = text.trimEnd();
    count(open < 0 ? rest : rest.slice(0, open));
    if (text !== '') pieces.push({ text });
    if (open < 0) return pieces;
    const body = rest.slice(open).replace(/^\{\{(-\s)?/, '');
    const comment = /^\s*\/\*[\s\S]*?\*\/\s*(-)?\}\}/.exec(body);
    if (comment !== null) {
      count(comment[0]);
      trim = comment[1] !== undefined;
      rest = body.slice(comment[0].length);
      continue;
    }
    const action = lexAction(body, line, template.length);
    pieces.push({ action: action.tokens, line });
    trim = action.trim;
    rest = action.rest;
  }
}

/** `length` is that of the whole template, of which `body` is the end. */
function lexAction(
  body: string,
  line: number,
  length: number,
): { tokens: Token[]; trim: boolean; rest: string } {
  const tokens: Token[] = [];
  let rest = body;
  for (;;) {
    const blank = /^\s*/.exec(rest)![0];
    const end = /^(\s-)?\}\}/.exec(rest) ?? /^(\s-)?\}\}/.exec(rest.slice(blank.length));
    if (end !== null) {
      return { tokens, trim: end[1] !== undefined, rest: rest.slice(rest.indexOf('}}') + 2) };
    }
    rest = rest.slice(blank.length);
    if (rest === '') throw new TemplateError(`${line}: unclosed action`);
    const match = TOKEN.exec(rest);
    if (match === null) {
      const bad = [...rest][0]!;
      if (bad === '"') throw new TemplateError(`${line}: unterminated quoted string`);
      throw new TemplateError(`${line}: unexpected ${JSON.stringify(bad)} in operand`);
    }
    const { variable, field, string, char, number, word, symbol } = match.groups!;
    const spaced = blank !== '' || tokens.length === 0;
    const position = length - rest.length;
    const token = (type: Token['type'], text: string) => tokens.push({ type, text, spaced, position });
    if (variable !== undefined) token('variable', variable);
    else if (field !== undefined) token('field', field.slice(1));
    else if (string !== undefined) token('string', unquote(string));
    else if (char !== undefined) token('number', String(unquote(char).codePointAt(0)));
    else if (number !== undefined) token('number', number);
    else if (word !== undefined) token('word', word);
    else token('symbol', symbol!);
    rest = rest.slice(match[0].length);
  }
}

/** The text of a Go string literal. */
function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, escape: string) =>
    /^[xu]./.test(escape) ? String.fromCodePoint(parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
  );
}
