import { apiVersionText, type RestMapping } from '../resource/rest-mapper.ts';
import type { SchemaField, SchemaNode, Structure } from './schema-node.ts';
import { wrapParagraphs } from './text.ts';

const WIDTH = 80;
const FIELD_MARGIN = 3;
const DESCRIPTION_MARGIN = 5;

/** What explain printed before OpenAPI v3. Models pkg/explain PrintModelDescription. */
export function plaintextOpenApiV2(
  mapping: RestMapping,
  root: SchemaNode,
  field: SchemaField | undefined,
  recursive: boolean,
): string {
  const node = field?.node ?? root;
  const { structure } = node;
  const lines = [`KIND:     ${mapping.kind}`, `VERSION:  ${apiVersionText(mapping)}`, ''];
  if (field !== undefined) {
    const label = structure === undefined ? 'FIELD:   ' : 'RESOURCE:';
    lines.push(`${label} ${field.name} <${node.plainTypeName}>`, '');
  }
  lines.push('DESCRIPTION:');
  const described = [...(field === undefined ? [] : [field.description]), ...node.descriptions];
  let empty = true;
  for (const [index, text] of described.entries()) {
    if (text === '') continue;
    empty = false;
    if (index > 0) lines.push('');
    lines.push(...paragraphs(text, DESCRIPTION_MARGIN));
  }
  if (empty) lines.push(`${' '.repeat(DESCRIPTION_MARGIN)}<empty>`);
  if (structure !== undefined) {
    lines.push('', 'FIELDS:');
    lines.push(
      ...(recursive ? names(structure, FIELD_MARGIN, new Set()) : describedFields(structure, FIELD_MARGIN)),
    );
  }
  return `${lines.join('\n')}\n`;
}

function describedFields({ fields }: Structure, margin: number): string[] {
  return [...fields.values()].flatMap(({ name, node, required, description }) => [
    `${' '.repeat(margin)}${name}\t<${node.plainTypeName}>${required ? ' -required-' : ''}`,
    ...paragraphs(description, margin + 2),
    '',
  ]);
}

function names({ id, fields }: Structure, margin: number, seen: ReadonlySet<unknown>): string[] {
  if (seen.has(id)) return [];
  const inside = new Set([...seen, id]);
  return [...fields.values()].flatMap(({ name, node }) => [
    `${' '.repeat(margin)}${name}\t<${node.plainTypeName}>`,
    ...(node.structure === undefined ? [] : names(node.structure, margin + FIELD_MARGIN, inside)),
  ]);
}

function paragraphs(text: string, margin: number): string[] {
  return wrapParagraphs(text, WIDTH - margin).map((line) =>
    line === '' ? '' : `${' '.repeat(margin)}${line}`,
  );
}
