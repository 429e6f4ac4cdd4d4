import type { CommandIo } from '../../shell/command.ts';
import { ExitError } from '../cobrautl/exit.ts';
import { json, table } from './values.ts';

/** An answer in each form that it has. */
export interface Output {
  /** Whole lines; on stderr if `toStderr`. */
  readonly simple: string;
  readonly toStderr?: string;
  /** Missing: `-w fields` refuses it. */
  readonly fields?: string;
  readonly json: unknown;
  /** Missing: `-w table` refuses it. */
  readonly table?: {
    readonly headers: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly align?: 'left' | 'right';
  };
}

export type Format = 'simple' | 'json' | 'table' | 'fields' | 'protobuf';

const FORMATS: readonly Format[] = ['simple', 'json', 'table', 'fields', 'protobuf'];

/** The format that --write-out names; throws an ExitError for another. Models NewPrinter. */
export function formatOf(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new ExitError('badFeature', 'unsupported output format');
  return format;
}

/** Prints an answer as --write-out asks for it. Throws an ExitError where a form is not there. */
export function display(io: CommandIo, format: Format, output: Output): void {
  switch (format) {
    case 'simple':
      io.stdout(output.simple);
      io.stderr(output.toStderr ?? '');
      return;
    case 'fields':
      if (output.fields !== undefined) {
        io.stdout(output.fields);
        return;
      }
      break;
    case 'json':
      io.stdout(`${json(output.json)}\n`);
      return;
    case 'table':
      if (output.table !== undefined) {
        io.stdout(table(output.table.headers, output.table.rows, output.table.align));
        return;
      }
      break;
    case 'protobuf':
      break;
  }
  throw new ExitError('badFeature', `${format} not supported as output format`);
}

/** Rows as simple output has them: cells with commas between. */
export function commaLines(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join(', ')}\n`).join('');
}
