/** How wide columns are. Models text/tabwriter with spaces as padding. */
export interface TabwriterConfig {
  /** Least width of a column, padding included. */
  readonly minimumWidth: number;
  readonly padding: number;
  /** Columns keep the width that earlier text gave them, as in a watch. */
  readonly rememberWidths?: boolean;
}

/** What tables are printed with. Models cli-runtime printers.GetNewTabWriter. */
export const TABLE_COLUMNS: TabwriterConfig = { minimumWidth: 6, padding: 3, rememberWidths: true };
/** What descriptions are printed with. */
export const DESCRIBE_COLUMNS: TabwriterConfig = { minimumWidth: 0, padding: 2 };

/**
 * Lines up cells that end with a tab: a column is a run of lines that all have the cell.
 *
 *     aaa\tb          aaa     b
 *     a\tbbb     →    a       bbb
 */
export class Tabwriter {
  readonly #config: TabwriterConfig;
  readonly #remembered: number[] = [];
  #text = '';

  constructor(config: TabwriterConfig) {
    this.#config = config;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** The lined-up text of all that was written since the last flush. */
  flush(): string {
    const text = this.#text;
    this.#text = '';
    if (text === '') return '';
    const lines = text.split('\n').map((line) => line.split('\t'));
    const widths: number[][] = lines.map((cells) => new Array<number>(cells.length).fill(0));
    this.#layOut(lines, widths, 0, lines.length, 0);
    return lines
      .map((cells, row) =>
        cells
          .map((cell, column) =>
            column === cells.length - 1
              ? cell
              : cell.padEnd(cell.length + widths[row]![column]! - length(cell)),
          )
          .join(''),
      )
      .join('\n');
  }

  /** Gives the lines from `start` to `end` their widths for column `column` and those after it. */
  #layOut(lines: readonly string[][], widths: number[][], start: number, end: number, column: number): void {
    for (let row = start; row < end; row++) {
      if (column >= lines[row]!.length - 1) continue;
      let last = row;
      let width = this.#config.minimumWidth;
      for (; last < end && column < lines[last]!.length - 1; last++) {
        const cell = lines[last]![column]!;
        width = Math.max(width, length(cell) + this.#config.padding);
      }
      if (this.#config.rememberWidths === true) {
        width = Math.max(width, this.#remembered[column] ?? 0);
        this.#remembered[column] = width;
      }
      for (let index = row; index < last; index++) widths[index]![column] = width;
      this.#layOut(lines, widths, row, last, column + 1);
      row = last - 1;
    }
  }
}

function length(text: string): number {
  return [...text].length;
}
