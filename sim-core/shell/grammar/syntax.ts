import type { Bash } from 'just-bash';
import { resolveDoubleParentheses } from './double-parentheses.ts';

/** The syntax tree of a script, as just-bash parses it. */
export type Script = ReturnType<Bash['transform']>['ast'];
export type Statement = Script['statements'][number];
export type Pipeline = Statement['pipelines'][number];
export type CommandNode = Pipeline['commands'][number];
export type Simple = Extract<CommandNode, { type: 'SimpleCommand' }>;
export type FunctionDefinition = Extract<CommandNode, { type: 'FunctionDef' }>;
export type Conditional = Extract<CommandNode, { type: 'ConditionalCommand' }>['expression'];
export type Redirection = Simple['redirections'][number];
export type Assignment = Simple['assignments'][number];
export type Word = NonNullable<Simple['name']>;
export type WordPart = Word['parts'][number];
export type ParameterPart = Extract<WordPart, { type: 'ParameterExpansion' }>;
export type Arithmetic = Extract<WordPart, { type: 'ArithmeticExpansion' }>['expression'];

/** A script that bash would not take; `message` is bash's, without its name. */
export class SyntaxProblem extends Error {}

const UNTERMINATED = /unterminated here-document/;
const HERE_DOCUMENT = /<<-?\s*(['"]?)(\w+)\1/g;

/** Parses a script. Throws a {@link SyntaxProblem}. */
export type Parse = (script: string) => Script;

export function parser(bash: Pick<Bash, 'transform'>): Parse {
  const parse = (script: string, isUnended = false): Script => {
    let parsed: Script;
    try {
      parsed = bash.transform(script).ast;
    } catch (error) {
      if (!isUnended && UNTERMINATED.test((error as Error).message)) {
        // A here-document that nothing ends goes on to the end of the text.
        const ends = [...script.matchAll(HERE_DOCUMENT)].map(([, , delimiter]) => delimiter);
        return parse(`${script}\n${ends.join('\n')}\n`, true);
      }
      throw new SyntaxProblem(problemOf(error));
    }
    // What stands before the mistake in the same text is not run either.
    const wrong = parsed.statements.find(({ deferredError }) => deferredError !== undefined);
    if (wrong !== undefined) throw new SyntaxProblem(wrong.deferredError!.message);
    resolveDoubleParentheses(parsed);
    return parsed;
  };
  return (script) => parse(script);
}

function problemOf(error: unknown): string {
  const { message, token } = error as Error & {
    readonly token?: { readonly type: string; readonly value: string };
  };
  if (token?.type === 'EOF') return 'syntax error: unexpected end of file';
  const shown = message.replace(/^(?:Parse error at \d+:\d+|line \d+): /, '');
  if (token === undefined || shown.includes('syntax error')) return shown;
  return `syntax error near unexpected token \`${token.type === 'NEWLINE' ? 'newline' : token.value}'`;
}
