/** A place in an expression; lines count from 1, columns from 0 in characters. */
interface Location {
  readonly line: number;
  readonly column: number;
}

const NOWHERE: Location = { line: -1, column: -1 };
const MAX_ISSUES = 100;
/** Longer lines are not shown below a message. */
const MAX_SNIPPET = 16_384;

/**
 * What is wrong with one expression, in the order of the places. Models cel-go common/errors.go.
 */
export class Issues {
  readonly #expression: string;
  readonly #found: { readonly at: Location; readonly message: string }[] = [];
  #count = 0;

  constructor(expression: string) {
    this.#expression = expression;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** `offset` in UTF-16 units; undefined is nowhere in particular. */
  report(offset: number | undefined, message: string): void {
    this.#add(offset === undefined ? NOWHERE : this.#locate(offset, false), message);
  }

  /**
   * What the type checker reports. cel-go's checker counts what begins a line as the end of the line before.
   * Models checker.go locationByID.
   */
  reportChecked(offset: number, message: string): void {
    this.#add(this.#locate(offset, true), message);
  }

  /** "ERROR: <input>:1:6: …", the line and a mark below it, for each. */
  toString(): string {
    const sorted = this.#found.toSorted(
      ({ at: a }, { at: b }) => a.line - b.line || (a.line === b.line ? a.column - b.column : 0),
    );
    const shown = sorted.map(({ at, message }) => this.#shown(at, message));
    const left = this.#count - MAX_ISSUES;
    return [...shown, ...(left > 0 ? [`${left} more errors were truncated`] : [])].join('\n');
  }

  #add(at: Location, message: string): void {
    this.#count++;
    if (this.#count <= MAX_ISSUES) this.#found.push({ at, message });
  }

  #locate(offset: number, endsLine: boolean): Location {
    const before = this.#expression.slice(0, offset);
    const lines = before.split('\n');
    if (endsLine && lines.length > 1 && lines.at(-1) === '') {
      lines.pop();
      return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
    }
    return { line: lines.length, column: [...lines.at(-1)!].length };
  }

  #shown({ line, column }: Location, message: string): string {
    const head = `ERROR: <input>:${line}:${column + 1}: ${message}`;
    const text = this.#expression.split('\n')[line - 1];
    if (text === undefined || text.length > MAX_SNIPPET) return head;
    const snippet = text.replaceAll('\t', ' ');
    const characters = [...snippet];
    const dots = characters.slice(0, column).map((character) => (isWide(character) ? '．' : '.'));
    const mark = isWide(characters[column] ?? '') ? '＾' : '^';
    return `${head}\n | ${snippet}\n | ${dots.join('')}${mark}`;
  }
}

/** Takes more than one byte in UTF-8. */
const isWide = (character: string) => character.charCodeAt(0) > 127;
