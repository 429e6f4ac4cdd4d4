import type { ManifestHover } from '../protocol.ts';
import type { Descriptions } from '../simulator.ts';
import type { Kinds } from './kinds.ts';
import { extentOf, fieldsIn, formatPath, objectsOf, parseDocuments, schemaFor } from './documents.ts';
import { formatType, typeAt } from './types.ts';

/** What the field at an offset is; of kind's value, what the kind is. */
export function findHover(
  text: string,
  offset: number,
  kinds: Kinds,
  texts: Descriptions,
): ManifestHover | null {
  for (const object of parseDocuments(text).flatMap(objectsOf)) {
    const schema = schemaFor(object, kinds);
    if (schema === undefined) continue;
    for (const { path, pair } of fieldsIn(object)) {
      const key = extentOf(pair.key);
      if (offset >= key.from && offset <= key.to) {
        const found = typeAt(schema, path);
        if (found?.field === undefined || found.owner === undefined) return null;
        return {
          ...key,
          title: `${formatPath(path)}: ${formatType(found.type)}`,
          description: texts.describe(found.owner.name, found.field.name),
        };
      }
      const value = extentOf(pair.value);
      if (path.length === 1 && path[0] === 'kind' && offset >= value.from && offset <= value.to)
        return { ...value, title: schema.shortName, description: texts.describe(schema.name) };
    }
  }
  return null;
}
