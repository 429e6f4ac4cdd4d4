import type { KubeObject } from '../../apimachinery/object.ts';
import { Tabwriter, TABLE_COLUMNS } from './tabwriter.ts';

export interface TableColumn {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly priority?: number;
}
interface TableRow {
  readonly cells: readonly unknown[];
  /** The object, or its metadata alone. */
  readonly object?: KubeObject;
}
/** Models metav1.Table. */
export interface Table {
  readonly kind: 'Table';
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?: readonly TableColumn[];
  readonly rows?: readonly TableRow[];
}

export interface TableOptions {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  readonly withNamespace: boolean;
  /** "pod" or "deployment.apps", before each name; "" for none. */
  readonly kindPrefix: string;
}

const EVENT_TYPES: Readonly<Record<string, string>> = {
  ADDED: 'ADDED   ',
  MODIFIED: 'MODIFIED',
  DELETED: 'DELETED ',
  ERROR: 'ERROR   ',
};

export function isTable(object: unknown): object is Table {
  return (object as { kind?: unknown } | null)?.kind === 'Table';
}

/**
 * Prints the server's Tables, the header once for each run of equal columns.
 * Models cli-runtime printers.HumanReadablePrinter.
 */
export class TablePrinter {
  readonly #options: TableOptions;
  readonly #writer = new Tabwriter(TABLE_COLUMNS);
  #columns: readonly TableColumn[] = [];
  #headersPrinted = false;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** Adds a table to what the next {@link flush} gives. `eventType` makes a column of a watch event. */
  print(table: Table, eventType?: string): void {
    const given = table.columnDefinitions ?? [];
    const same = JSON.stringify(given) === JSON.stringify(this.#columns);
    const noHeaders = this.#options.noHeaders || (this.#headersPrinted && (given.length === 0 || same));
    if (given.length > 0 && !same) {
      this.#columns = given;
      this.#headersPrinted = false;
    }
    const rows = table.rows ?? [];
    if (rows.length === 0) return;
    this.#headersPrinted = true;
    const shown = this.#columns
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => this.#options.wide || (column.priority ?? 0) === 0);
    if (!noHeaders) {
      this.#line([
        ...(eventType === undefined ? [] : ['EVENT']),
        ...(this.#options.withNamespace ? ['NAMESPACE'] : []),
        ...shown.map(({ column }) => column.name.toUpperCase()),
        ...this.#options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
        ...(this.#options.showLabels ? ['LABELS'] : []),
      ]);
    }
    const nameColumn = this.#columns.findIndex(({ format, type }) => format === 'name' && type === 'string');
    for (const { cells, object } of rows) {
      const labels = object?.metadata?.labels;
      this.#line([
        ...(eventType === undefined ? [] : [EVENT_TYPES[eventType] ?? eventType]),
        ...(this.#options.withNamespace ? [object?.metadata?.namespace ?? ''] : []),
        ...shown.map(({ index }) =>
          cellText(
            index === nameColumn && this.#options.kindPrefix !== ''
              ? `${this.#options.kindPrefix}/${String(cells[index])}`
              : cells[index],
          ),
        ),
        ...this.#options.labelColumns.map((label) => labels?.[label] ?? ''),
        ...(this.#options.showLabels ? [formatLabels(labels)] : []),
      ]);
    }
  }

  /** The text of all that was printed since the last flush. */
  flush(): string {
    return this.#writer.flush();
  }

  #line(cells: readonly string[]): void {
    this.#writer.write(`${cells.join('\t')}\n`);
  }
}

/** "a=1,b=2", or "<none>". Models k8s.io/apimachinery/pkg/labels FormatLabels. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? '<none>' : entries.map(([key, value]) => `${key}=${value}`).join(',');
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const breakAt = text.search(/[\n\r\f]/);
  const shown = breakAt < 0 ? text : `${text.slice(0, breakAt)}...`;
  return shown.replaceAll('\x1b', '^[');
}
