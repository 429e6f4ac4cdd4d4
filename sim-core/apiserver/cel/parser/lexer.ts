import type { Issues } from '../common/issues.ts';

/** A token: its type by the grammar's name for it, and where it stands. */
export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly offset: number;
}

/** In the grammar's order, which is the order in which messages list them. */
export const TOKEN_TYPES = [
  'EOF',
  "'=='",
  "'!='",
  "'in'",
  "'<'",
  "'<='",
  "'>='",
  "'>'",
  "'&&'",
  "'||'",
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'+'",
  "'*'",
  "'/'",
  "'%'",
  "'true'",
  "'false'",
  "'null'",
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

const HIDDEN = /(?:[\t \r\n\f]+|\/\/[^\n]*)/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const KEYWORDS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);
const SIGN = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,!?:+*/%-]/y;

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?${'`'}]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const PARTIAL_ESCAPE = String.raw`\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?`;
/** One quoted text, after its b and r: whole, and as far as one that does not end goes. */
function quoted(quote: string, raw: boolean) {
  const inner = raw ? String.raw`[^${quote}\n\r]` : String.raw`(?:${ESCAPE}|[^\\${quote}\n\r])`;
  const long = raw ? String.raw`[^]` : String.raw`(?:${ESCAPE}|[^\\])`;
  const triple = quote.repeat(3);
  return {
    whole: [new RegExp(`${triple}${long}*?${triple}`, 'y'), new RegExp(`${quote}${inner}*${quote}`, 'y')],
    part: [
      new RegExp(`${triple}${long}*(?:${PARTIAL_ESCAPE})?`, 'y'),
      new RegExp(`${quote}${inner}*(?:${PARTIAL_ESCAPE})?`, 'y'),
    ],
  };
}
const QUOTED = {
  '"': { plain: quoted('"', false), raw: quoted('"', true) },
  "'": { plain: quoted("'", false), raw: quoted("'", true) },
};

const NUMBERS: readonly (readonly [TokenType, RegExp])[] = [
  ['NUM_FLOAT', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ['NUM_UINT', /0x[0-9a-fA-F]+[uU]|\d+[uU]/y],
  ['NUM_INT', /0x[0-9a-fA-F]+|\d+/y],
];

/**
 * Takes an expression apart; the last token is EOF. What is no token is reported and left out, as ANTLR does.
 * Models cel-go parser/gen/CEL.g4, its lexer rules.
 */
export function tokenize(expression: string, issues: Issues): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(expression)?.[0];
  };
  while (offset < expression.length) {
    const hidden = take(HIDDEN);
    if (hidden !== undefined) {
      offset += hidden.length;
      continue;
    }
    const token = nextToken(expression, offset, take);
    if (typeof token === 'number') {
      // The character at which it went wrong is skipped too.
      const text = expression.slice(offset, token + 1);
      issues.report(offset, `Syntax error: token recognition error at: '${escapeWhitespace(text)}'`);
      offset = token + 1;
    } else {
      tokens.push(token);
      offset += token.text.length;
    }
  }
  tokens.push({ type: 'EOF', text: '<EOF>', offset: expression.length });
  return tokens;
}

export const escapeWhitespace = (text: string) =>
  text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');

/** The longest token here, or where the attempt at one ended. */
function nextToken(
  expression: string,
  offset: number,
  take: (pattern: RegExp) => string | undefined,
): Token | number {
  const text = quotedText(expression, offset);
  if (typeof text === 'object') return text;
  const word = take(WORD);
  if (word !== undefined) {
    return { type: (KEYWORDS.has(word) ? `'${word}'` : 'IDENTIFIER') as TokenType, text: word, offset };
  }
  if (text !== undefined) return text;
  let best: Token | undefined;
  for (const [type, pattern] of NUMBERS) {
    const number = take(pattern);
    if (number !== undefined && number.length > (best?.text.length ?? 0))
      best = { type, text: number, offset };
  }
  if (best !== undefined) return best;
  const sign = take(SIGN);
  if (sign !== undefined) return { type: `'${sign}'` as TokenType, text: sign, offset };
  // Half of a sign goes on to the next character.
  const last = '=&|'.includes(expression[offset]!) ? offset + 1 : offset;
  const character = expression.codePointAt(last);
  return character !== undefined && character > 0xffff ? last + 1 : last;
}

const PREFIX = /([bB]?)([rR]?)(["'])/y;

/** A text or bytes; where it breaks off; undefined if none begins here. */
function quotedText(expression: string, offset: number): Token | number | undefined {
  PREFIX.lastIndex = offset;
  const prefix = PREFIX.exec(expression);
  if (prefix === null) return undefined;
  const [, bytes = '', raw = '', quote] = prefix;
  const start = offset + bytes.length + raw.length;
  const patterns = QUOTED[quote as '"' | "'"][raw === '' ? 'plain' : 'raw'];
  const longest = (candidates: readonly RegExp[]) =>
    Math.max(
      0,
      ...candidates.map((pattern) => {
        pattern.lastIndex = start;
        return pattern.exec(expression)?.[0].length ?? 0;
      }),
    );
  const whole = longest(patterns.whole);
  if (whole > 0) {
    const text = expression.slice(offset, start + whole);
    return { type: bytes === '' ? 'STRING' : 'BYTES', text, offset };
  }
  return start + longest(patterns.part);
}
