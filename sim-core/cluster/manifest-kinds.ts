import type { ObjectSchema } from '../apimachinery/schema/schema.ts';
import { schemaOf } from '../apimachinery/schema/schema.ts';
import { builtinResources } from '../apiserver/registry/resources.ts';

/** A kind that the apiserver has without CustomResourceDefinitions. */
interface ManifestKind {
  /** "apps/v1", "v1". */
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: ObjectSchema;
}

/** The built-in kinds that can be created by a manifest, in the order of the apiserver's groups. */
export function manifestKinds(): readonly ManifestKind[] {
  return builtinResources.flatMap(({ group, version, kind, schema: name }) => {
    const schema = schemaOf(name);
    if (schema === undefined) return [];
    return [{ apiVersion: group === '' ? version : `${group}/${version}`, kind, schema }];
  });
}
