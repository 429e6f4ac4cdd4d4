import { humanDuration } from '../../apimachinery/duration.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Table } from './table-printer.ts';

/**
 * A table of names and ages, for a server that gives no Table.
 * Models cli-runtime printers objectMetaColumnDefinitions.
 */
export function objectTable(object: KubeObject, now: number): Table {
  const items = Array.isArray(object.items) ? (object.items as KubeObject[]) : [object];
  return {
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    rows: items.map((item) => ({ cells: [item.metadata.name ?? '', ageOf(item, now)], object: item })),
  };
}

/** "5m", or "<unknown>" without a creation time. */
export function ageOf({ metadata }: KubeObject, now: number): string {
  const { creationTimestamp } = metadata;
  return creationTimestamp === undefined || creationTimestamp === null
    ? '<unknown>'
    : humanDuration(now - Date.parse(creationTimestamp));
}
