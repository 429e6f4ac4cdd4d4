import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { findJsonPath } from '../../../client-go/util/jsonpath/evaluate.ts';
import { parseJsonPath, relaxedJsonPath } from '../../../client-go/util/jsonpath/parser.ts';
import type { Table } from '../../printers/table-printer.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Sorts by the field that a relaxed JSONPath names. Models kubectl get RuntimeSort. */
export function sortObjects(objects: readonly KubeObject[], field: string): KubeObject[] {
  return sortBy(objects, (object) => object, field);
}

/**
 * Sorts the rows of a table by their objects; undefined if they cannot be: then nothing is printed, as upstream
 * looks away from what goes wrong. Models kubectl get TableSorter.
 */
export function sortTable(table: Table, field: string): Table | undefined {
  const { rows = [] } = table;
  if (rows.length < 2) return table;
  try {
    return { ...table, rows: sortBy(rows, (row) => row.object, field) };
  } catch {
    return undefined;
  }
}

function sortBy<T>(items: readonly T[], objectOf: (item: T) => unknown, field: string): T[] {
  if (items.length === 0) return [];
  const path = parseJsonPath(relaxedJsonPath(field));
  const keyed = items.map((item) => ({
    item,
    key: findJsonPath(path, objectOf(item), { allowMissingKeys: true }).flat()[0],
  }));
  if (keyed.every(({ key }) => key === undefined)) {
    throw new Error(
      `couldn't find any field with path ${JSON.stringify(relaxedJsonPath(field))} in the list of objects`,
    );
  }
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [quantity(a), quantity(b)];
    if (x !== undefined && y !== undefined) return x - y;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return Number(a) - Number(b);
}

function quantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * SUFFIXES[match[2] ?? '']!;
}
