import { humanDuration } from '../../apimachinery/duration.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { TableColumn } from '../registry/rest/resource.ts';

type Cell = string | number | boolean | undefined;
type CellOf = (object: KubeObject, now: number) => Cell;
type Description = TableColumn['description'];

/** A column that is always shown. */
export function column(
  name: string,
  type: TableColumn['type'],
  description: Description,
  cell: CellOf,
): TableColumn {
  return { name, type, description, priority: 0, cell };
}

/** A column that -o wide adds. */
export function wideColumn(
  name: string,
  type: TableColumn['type'],
  description: Description,
  cell: CellOf,
): TableColumn {
  return { name, type, description, priority: 1, cell };
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What every kind's row begins with, unless it has a column of that name itself. */
export const NAME: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: { of: META, field: 'name' },
  priority: 0,
  cell: (object) => object.metadata.name ?? '',
};

/** The column of nearly every kind: how long ago the object was made. */
export const AGE = column('Age', 'string', { of: META, field: 'creationTimestamp' }, (object, now) =>
  translateTimestampSince(object.metadata.creationTimestamp, now),
);

/** What kinds without a printer of their own show. Models rest/table.go NewDefaultTableConvertor. */
export const CREATED_AT = column(
  'Created At',
  'date',
  { of: META, field: 'creationTimestamp' },
  (object) => object.metadata.creationTimestamp,
);

/** "5m" for an RFC 3339 text, "<unknown>" for none. Models printers.go translateTimestampSince. */
export function translateTimestampSince(timestamp: string | null | undefined, now: number): string {
  return timestamp ? humanDuration(now - Date.parse(timestamp)) : '<unknown>';
}
