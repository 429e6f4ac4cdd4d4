import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { findJsonPath } from '../../../client-go/util/jsonpath/evaluate.ts';
import { parseJsonPath, relaxedJsonPath } from '../../../client-go/util/jsonpath/parser.ts';
import { FatalError } from '../../util/errors.ts';
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

/** What upstream's log says of a sorter: where it stands, and the type of what it sorts. */
interface Sorter {
  readonly line: number;
  readonly type: string;
}

const RUNTIME_SORT: Sorter = { line: 319, type: '*unstructured.Unstructured' };
const TABLE_SORTER: Sorter = { line: 375, type: '[][][]reflect.Value' };

/** Sorts by the field that a relaxed JSONPath names. Models kubectl get RuntimeSort. */
export function sortObjects(objects: readonly KubeObject[], field: string): KubeObject[] {
  return sortBy(objects, (object) => object, field, RUNTIME_SORT);
}

/**
 * Sorts the rows of a table by their objects; undefined if they cannot be: then nothing is printed, as upstream
 * looks away from what goes wrong. Models kubectl get TableSorter.
 */
export function sortTable(table: Table, field: string): Table | undefined {
  const { rows = [] } = table;
  if (rows.length < 2) return table;
  try {
    return { ...table, rows: sortBy(rows, (row) => row.object, field, TABLE_SORTER) };
  } catch (error) {
    if (error instanceof FatalError) throw error;
    return undefined;
  }
}

function sortBy<T>(items: readonly T[], objectOf: (item: T) => unknown, field: string, sorter: Sorter): T[] {
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
  return keyed.sort((a, b) => compare(a.key, b.key, relaxedJsonPath(field), sorter)).map(({ item }) => item);
}

/** Models kubectl get isLess for what JSON holds: texts, quantities and numbers; null is before all of them. */
function compare(a: Json | undefined, b: Json | undefined, field: string, sorter: Sorter): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [quantity(a), quantity(b)];
    if (x !== undefined && y !== undefined) return x - y;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  throw new FatalError(
    `sorter.go:${sorter.line}`,
    `Field ${field} in ${sorter.type} is an unsortable type: interface, err: ${whyNot(a)}`,
  );
}

function whyNot(value: Json): string {
  if (typeof value === 'boolean') return 'unsortable type: bool';
  if (Array.isArray(value)) return 'unsortable type: []interface {}';
  return typeof value === 'object'
    ? 'unsortable type: map[string]interface {}'
    : 'unsortable interface: interface';
}

function quantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * SUFFIXES[match[2] ?? '']!;
}
