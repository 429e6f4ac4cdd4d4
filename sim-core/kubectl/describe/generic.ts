import type { KubeObject } from '../../apimachinery/object.ts';
import type { DescribeWriter } from './writer.ts';

/** What stands in capitals in a title. */
const ACRONYMS = new Set(['API', 'URL', 'UID', 'GUID']);

/** An object of a kind that describe knows nothing of. Models pkg/describe genericDescriber. */
export function describeAnything(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  const { name: _n, namespace: _s, labels: _l, annotations: _a, managedFields: _m, ...rest } = metadata;
  fields({ ...object, metadata: rest }, writer, 0);
}

function fields(value: Readonly<Record<string, unknown>>, writer: DescribeWriter, level: number): void {
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    const title = titleOf(key);
    if (Array.isArray(field)) {
      writer.line(level, `${title}:`);
      items(field, writer, level + 1);
    } else if (typeof field === 'object' && field !== null) {
      writer.line(level, `${title}:`);
      fields(field as Record<string, unknown>, writer, level + 1);
    } else writer.line(level, `${title}:\t${field === null ? '<nil>' : String(field)}`);
  }
}

function items(list: readonly unknown[], writer: DescribeWriter, level: number): void {
  for (const item of list) {
    if (typeof item === 'object' && item !== null && !Array.isArray(item))
      fields(item as Record<string, unknown>, writer, level);
    else writer.line(level, String(item));
  }
}

/** "creationTimestamp" is "Creation Timestamp", "podIP" is "Pod IP". Models smartLabelFor. */
function titleOf(key: string): string {
  if (/[^\p{L}-]/u.test(key)) return key;
  const parts = key.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|-+/gu) ?? [key];
  const merged: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const [part, next] = [parts[index]!, parts[index + 1] ?? ''];
    // The last letter of capitals went with a plural: "UR", "Ls".
    const joined = /^\p{Lu}{2,}$/u.test(part) && /^\p{Lu}/u.test(next);
    merged.push(joined ? part + next : part);
    if (joined) index++;
  }
  return merged
    .map((part) => {
      if (ACRONYMS.has(part.toUpperCase())) return part.toUpperCase();
      return part === part.toLowerCase() ? part.charAt(0).toUpperCase() + part.slice(1) : part;
    })
    .join(' ');
}
