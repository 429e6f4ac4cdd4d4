import { goValue } from '../../apimachinery/go-values.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { findJsonPath } from '../../client-go/util/jsonpath/evaluate.ts';
import { type JsonPathNode, parseJsonPath, relaxedJsonPath } from '../../client-go/util/jsonpath/parser.ts';
import { Tabwriter, TABLE_COLUMNS } from './tabwriter.ts';

interface Column {
  readonly header: string;
  readonly path: readonly JsonPathNode[];
}

/** Columns from "NAME:.metadata.name,IMAGE:.spec.containers[*].image". Throws with kubectl's words. */
export function parseColumns(spec: string): Column[] {
  if (spec === '') throw new Error('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) {
      throw new Error(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    }
    return { header: part.slice(0, colon), path: parseJsonPath(relaxedJsonPath(part.slice(colon + 1))) };
  });
}

/** Columns from a file: a line of headers, a line of paths. */
export function parseColumnsFile(text: string): Column[] {
  const [headers, paths] = text.split('\n').map((line) => line.trim().split(/\s+/));
  if (headers === undefined || paths === undefined) {
    throw new Error(
      'invalid template, missing spec line. Expected format is one line of space separated headers, one line of space separated column specs.',
    );
  }
  if (headers.length !== paths.length) {
    throw new Error(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  }
  return headers.map((header, index) => ({ header, path: parseJsonPath(relaxedJsonPath(paths[index]!)) }));
}

/** Models kubectl get CustomColumnsPrinter. */
export function printColumns(
  columns: readonly Column[],
  objects: readonly KubeObject[],
  noHeaders: boolean,
): string {
  const writer = new Tabwriter(TABLE_COLUMNS);
  if (!noHeaders) writer.write(`${columns.map(({ header }) => header).join('\t')}\n`);
  for (const object of objects) {
    const cells = columns.map(({ path }) => {
      const values = findJsonPath(path, object, { allowMissingKeys: true }).flat();
      if (values.length === 0) return '<none>';
      return values.map(goValue).join(',');
    });
    writer.write(`${cells.join('\t')}\n`);
  }
  return writer.flush();
}
