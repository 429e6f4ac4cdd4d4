import type { Descriptions } from '../apimachinery/schema/descriptions.ts';
import { apiVersionOf } from '../apimachinery/object.ts';
import type { ObjectSchema } from '../apimachinery/schema/schema.ts';
import { schemaOf } from '../apimachinery/schema/schema.ts';
import { descriptionsOf } from '../apiserver/apiextensions/schema/descriptions.ts';
import { objectType, typeNameOf } from '../apiserver/apiextensions/schema/object-type.ts';
import type { CustomResourceDefinition } from '../apiserver/apiextensions/types.ts';
import { isConditionTrue } from '../apiserver/apiextensions/types.ts';
import { builtinResources } from '../apiserver/registry/resources.ts';

/** A kind of which a manifest can make an object. */
export interface ManifestKind {
  /** "apps/v1", "v1". */
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: ObjectSchema;
  /** The texts of a kind that is not built in. */
  readonly descriptions?: Descriptions;
}

let builtin: readonly ManifestKind[] | undefined;

/** The kinds that the apiserver has without CustomResourceDefinitions, in the order of its groups. */
export function builtinKinds(): readonly ManifestKind[] {
  return (builtin ??= builtinResources.flatMap((resource) => {
    const schema = schemaOf(resource.schema);
    return schema === undefined ? [] : [{ apiVersion: apiVersionOf(resource), kind: resource.kind, schema }];
  }));
}

/** The kinds that a CustomResourceDefinition brings, as it is stored; none if it is not established. */
export function customKinds(definition: CustomResourceDefinition): readonly ManifestKind[] {
  if (!isConditionTrue(definition, 'Established')) return [];
  const { group, names, versions } = definition.spec;
  return versions
    .filter(({ served }) => served)
    .map(({ name: version, schema: own }) => {
      const { kind } = names;
      const name = typeNameOf({ group, version, kind });
      const schema = own?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
      return {
        apiVersion: apiVersionOf({ group, version }),
        kind,
        schema: objectType(name, schema),
        descriptions: descriptionsOf(name, schema),
      };
    });
}
