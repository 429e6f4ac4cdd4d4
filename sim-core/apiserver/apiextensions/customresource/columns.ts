import { humanDuration } from '../../../apimachinery/duration.ts';
import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { findJsonPath, valueText } from '../../../client-go/util/jsonpath/evaluate.ts';
import type { JsonPathNode } from '../../../client-go/util/jsonpath/parser.ts';
import { JsonPathError, parseJsonPath } from '../../../client-go/util/jsonpath/parser.ts';
import type { TableColumn } from '../../registry/rest/resource.ts';
import type { PrinterColumn } from '../types.ts';

/** Without columns of its own a kind shows its age. Models the defaulting of printer columns. */
const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

/**
 * The columns that a definition asks for; one whose path cannot be read ends the list.
 * Models pkg/registry/customresource/tableconvertor/tableconvertor.go.
 */
export function printerColumns(columns: readonly PrinterColumn[] | undefined): readonly TableColumn[] {
  const result: TableColumn[] = [];
  for (const column of columns === undefined || columns.length === 0 ? [AGE] : columns) {
    const path = parsed(column.jsonPath);
    if (path === undefined) break;
    result.push({
      name: column.name,
      type: column.type as TableColumn['type'],
      format: column.format ?? '',
      description:
        column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
      priority: (column.priority ?? 0) as TableColumn['priority'],
      cell: (object, now) => cellOf(column.type, path, object, now),
    });
  }
  return result;
}

function parsed(path: string): readonly JsonPathNode[] | undefined {
  try {
    return parseJsonPath(`{${path}}`);
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function cellOf(
  type: string,
  path: readonly JsonPathNode[],
  object: KubeObject,
  now: number,
): string | number | boolean | undefined {
  const value = firstOf(path, object);
  if (value === undefined) return undefined;
  if (type === 'string') return valueText(value);
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : undefined;
    case 'number':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'date':
      return typeof value === 'string' ? ageOf(value, now) : undefined;
    default:
      return undefined;
  }
}

function firstOf(path: readonly JsonPathNode[], object: KubeObject): Json | undefined {
  try {
    return findJsonPath(path, object, { allowMissingKeys: true })[0]?.[0];
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function ageOf(timestamp: string, now: number): string {
  const time = Date.parse(timestamp);
  return Number.isNaN(time) ? '<invalid>' : humanDuration(now - time);
}
