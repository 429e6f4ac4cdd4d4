import { type ObjectSchema, schemaNames, schemaOf } from '../../apimachinery/schema/schema.ts';
import type { GroupVersionKind } from '../../apimachinery/object.ts';

/** The schema of a built-in kind; undefined for others. */
export function schemaOfKind({ group, version, kind }: GroupVersionKind): ObjectSchema | undefined {
  const short = group === '' ? 'core' : group.split('.')[0]!;
  const suffix = `.${short}.${version}.${kind}`;
  const name = schemaNames().find((candidate) => candidate.endsWith(suffix));
  return name === undefined ? undefined : schemaOf(name);
}
