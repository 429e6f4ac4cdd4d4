/** A piece of a word; words are split and their files looked up only where it is not quoted. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** "-", ":-", "=", ":=", "+", ":+", "?", ":?", "%", "%%", "#", "##", "length"; "" for the value itself. */
      readonly operator: string;
      readonly argument: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly text: Word; readonly quoted: boolean };

export type Word = readonly Part[];

export interface Redirect {
  readonly descriptor: number;
  readonly operator: '<' | '>' | '>>' | '>&' | '<<';
  /** The file, the descriptor, or the document itself. */
  readonly target: Word;
}

export type Node = (
  | {
      readonly type: 'simple';
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
    }
  | { readonly type: 'pipeline'; readonly parts: readonly Node[]; readonly negated: boolean }
  | {
      readonly type: 'if';
      readonly clauses: readonly { readonly condition: Script; readonly body: Script }[];
      readonly otherwise: Script | undefined;
    }
  | { readonly type: 'loop'; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | {
      readonly type: 'for';
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly body: Script;
    }
  | {
      readonly type: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Script }[];
    }
  | { readonly type: 'group'; readonly body: Script; readonly subshell: boolean }
  | { readonly type: 'function'; readonly name: string; readonly body: Node }
) & { readonly redirects?: readonly Redirect[] };

/** Commands with what joins each to the one before it: "&&", "||", ";", and whether it runs beside the shell. */
export type Script = readonly {
  readonly node: Node;
  readonly operator: ';' | '&&' | '||';
  readonly background: boolean;
}[];

/** The text is no script. `message` as the shell says it, without its own name. */
export class SyntaxProblem extends Error {}
