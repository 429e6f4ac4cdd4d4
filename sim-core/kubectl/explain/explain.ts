import { type Descriptions, loadDescriptions } from '../../apimachinery/schema/descriptions.ts';
import {
  type FieldSchema,
  type ObjectSchema,
  objectSchemaIn,
  type TypeSchema,
} from '../../apimachinery/schema/schema.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { schemaOfKind } from '../util/schema.ts';

export interface Explanation {
  readonly stdout: string;
  readonly error?: string;
}

/** How OpenAPI calls the scalars. */
const SCALAR_NAMES: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  boolean: 'boolean',
  quantity: 'string',
  'int-or-string': 'string',
  bytes: 'string',
  time: 'string',
  'micro-time': 'string',
  string: 'string',
  any: 'Object',
};

/** What explain prints of a kind, or of the field that `path` leads to. Models pkg/explain/v2 plaintext.tmpl. */
export async function explainKind(
  mapping: RestMapping,
  path: readonly string[],
  recursive: boolean,
): Promise<Explanation> {
  const root = schemaOfKind(mapping);
  const { group, kind, version } = mapping;
  const head = `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
  if (root === undefined) {
    return {
      stdout: '',
      error: `couldn't find resource for "${group === '' ? version : `${group}/${version}`}, Kind=${kind}"`,
    };
  }
  const texts = await loadDescriptions();
  let schema: ObjectSchema | undefined = root;
  let owner = root.name;
  let field: FieldSchema | undefined;
  for (const name of path) {
    field = schema?.fields.get(name);
    if (field === undefined)
      return { stdout: `${head}\n`, error: `field ${JSON.stringify(path.at(-1))} does not exist` };
    owner = schema!.name;
    schema = objectSchemaIn(field.type);
  }
  const described = [
    ...(field === undefined ? [] : [texts.describe(owner, field.name)]),
    ...(schema === undefined ? [] : [texts.describe(schema.name)]),
  ].filter((text) => text !== '');
  const description = described.length === 0 ? '<empty>' : `${described.join('\n')}\n`;
  const title = field === undefined ? '' : `FIELD: ${field.name} <${typeText(field.type)}>\n\n\n`;
  const fields = schema === undefined ? '' : fieldList(schema, texts, recursive, 1, new Set());
  return {
    stdout: `${head}${title}DESCRIPTION:\n${indent(wrap(description, 76), 4)}\n${fields === '' ? '' : `FIELDS:\n${fields}`}\n`,
  };
}

function fieldList(
  schema: ObjectSchema,
  texts: Descriptions,
  recursive: boolean,
  level: number,
  seen: ReadonlySet<string>,
): string {
  if (seen.has(schema.name)) return '';
  let text = '';
  const margin = level * 2;
  for (const field of schema.fields.values()) {
    text += `${' '.repeat(margin)}${field.name}\t<${typeText(field.type)}>${field.required ? ' -required-' : ''}\n`;
    if (recursive) {
      const inner = objectSchemaIn(field.type);
      if (inner !== undefined)
        text += fieldList(inner, texts, true, level + 1, new Set([...seen, schema.name]));
      continue;
    }
    const description = texts.describe(schema.name, field.name) || '<no description>';
    text += `${indent(wrap(description, 78 - margin), margin + 2)}\n\n`;
  }
  return text;
}

function typeText(type: TypeSchema): string {
  switch (type.type) {
    case 'array':
      return `[]${typeText(type.items)}`;
    case 'map':
      return `map[string]${typeText(type.values)}`;
    case 'object':
      return type.schema.shortName;
    case 'scalar':
      return SCALAR_NAMES[type.scalar] ?? type.scalar;
  }
}

/** Breaks lines at spaces so that none is longer than `width`, where a word allows it. */
function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current !== '' && current.length + 1 + word.length > width) {
          lines.push(current);
          current = word;
        } else current = current === '' ? word : `${current} ${word}`;
      }
      return [...lines, current].join('\n');
    })
    .join('\n');
}

function indent(text: string, margin: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(margin) + line)
    .join('\n');
}
