/** A word of a selector. "error" stands for symbols that mean nothing together. */
export interface Token {
  readonly type:
    'identifier' | 'in' | 'notin' | '=' | '==' | '!=' | '!' | '<' | '>' | '(' | ')' | ',' | 'error' | 'end';
  readonly text: string;
}

const SYMBOLS: readonly string[] = [')', ',', '!', '==', '=', '>', '<', '!=', '('];
const isSymbol = (character: string) => '=!(),><'.includes(character);
const isSpace = (character: string) => ' \t\r\n'.includes(character);

/** Splits a selector's text; the last token is the end. Models k8s.io/apimachinery/pkg/labels Lexer. */
export function scanSelector(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    if (isSpace(text[position]!)) {
      position++;
    } else if (isSymbol(text[position]!)) {
      const token = longestSymbol(text, position);
      position += token.text.length;
      tokens.push(
        token.type === 'error'
          ? { type: 'error', text: `error expected: keyword found '${token.text}'` }
          : token,
      );
    } else {
      const start = position;
      while (position < text.length && !isSpace(text[position]!) && !isSymbol(text[position]!)) position++;
      const word = text.slice(start, position);
      tokens.push({ type: word === 'in' || word === 'notin' ? word : 'identifier', text: word });
    }
  }
  tokens.push({ type: 'end', text: '' });
  return tokens;
}

function longestSymbol(text: string, start: number): Token {
  const two = text.slice(start, start + 2);
  if (SYMBOLS.includes(two)) return { type: two as Token['type'], text: two };
  const one = text[start]!;
  return SYMBOLS.includes(one) ? { type: one as Token['type'], text: one } : { type: 'error', text: one };
}
