import { indent, wrap } from './text.ts';
import type { SchemaField, SchemaNode, Structure } from './schema-node.ts';

/** More values of an enumeration than this are not listed among other fields. */
const ENUM_LIMIT = 4;

/** Models pkg/explain/v2/templates/plaintext.tmpl, below the kind. */
export function plaintext(root: SchemaNode, field: SchemaField | undefined, recursive: boolean): string {
  const node = field?.node ?? root;
  const described = [field?.description ?? '', ...node.descriptions].filter((text) => text !== '');
  const description = described.length === 0 ? '<empty>' : `${described.join('\n')}\n`;
  const { structure } = node;
  const fields = structure === undefined ? '' : fieldList(structure, recursive, 1, new Set());
  return `${field === undefined ? '' : fieldTitle(field)}DESCRIPTION:\n${indent(wrap(description, 76), 4)}\n${fields === '' ? '' : `FIELDS:\n${fields}`}\n`;
}

function fieldTitle({ name, node }: SchemaField): string {
  const values = node.enum?.map((value) => `\n    ${enumText(value)}`).join('');
  return `FIELD: ${name} <${node.typeName}>\n${values === undefined ? '' : `ENUM:${values}`}\n\n`;
}

function fieldList(
  { id, fields }: Structure,
  recursive: boolean,
  level: number,
  seen: ReadonlySet<unknown>,
): string {
  if (seen.has(id)) return '';
  let text = '';
  const margin = level * 2;
  for (const { name, required, description, node } of fields.values()) {
    text += `${' '.repeat(margin)}${name}\t<${node.typeName}>${required ? ' -required-' : ''}${enumLine(node, margin)}\n`;
    if (recursive) {
      const { structure } = node;
      if (structure !== undefined) text += fieldList(structure, true, level + 1, new Set([...seen, id]));
      continue;
    }
    text += `${indent(wrap(description || '<no description>', 78 - margin), margin + 2)}\n\n`;
  }
  return text;
}

function enumLine({ enum: values }: SchemaNode, margin: number): string {
  if (values === undefined) return '';
  const shown = values.slice(0, ENUM_LIMIT).map(enumText).join(', ');
  return `\n${' '.repeat(margin)}enum: ${shown}${values.length > ENUM_LIMIT ? ', ....' : ''}`;
}

function enumText(value: unknown): string {
  return value === '' ? '""' : String(value);
}
