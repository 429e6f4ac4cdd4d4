const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** One place of the output, and where it comes from; lines and columns count from 0. */
interface Segment {
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** Finds where a place of compiled code stands in its source, by the "mappings" of a source map (version 3). */
export class SourceMap {
  readonly #lines: readonly (readonly Segment[])[];

  constructor(mappings: string) {
    let sourceLine = 0;
    let sourceColumn = 0;
    this.#lines = mappings.split(';').map((line) => {
      let column = 0;
      return line
        .split(',')
        .filter((text) => text !== '')
        .map((text): Segment => {
          const [columnStep = 0, , lineStep = 0, sourceStep = 0] = decodeNumbers(text);
          column += columnStep;
          sourceLine += lineStep;
          sourceColumn += sourceStep;
          return { column, sourceLine, sourceColumn };
        });
    });
  }

  /** Line and column count from 1, here and in what is given back. */
  locate(line: number, column: number): { line: number; column: number } {
    const segment = this.#lines[line - 1]?.findLast((candidate) => candidate.column < column);
    if (segment === undefined) return { line, column };
    return {
      line: segment.sourceLine + 1,
      column: segment.sourceColumn + column - segment.column,
    };
  }
}

/** Base64 digits of five bits each, the sixth says that more follow; the lowest bit is the sign. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 0 ? value >> 1 : -(value >> 1));
    value = 0;
    shift = 0;
  }
  return numbers;
}
