import type { GroupVersion, GroupVersionKind } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ResourceDefinition, ResourceVerb } from '../../registry/rest/resource.ts';
import type { Subresource } from '../../registry/rest/subresource.ts';
import { ALL_VERBS, STATUS_VERBS, subresourcesOf } from '../installer.ts';
import { storageVersionHash } from './storage-version-hash.ts';

/** One line of an APIResourceList. Models metav1.APIResource. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

/** The answer of /api/v1 or /apis/<group>/<version>, resources and their subresources by name. */
export function resourceList(groupVersion: GroupVersion, definitions: readonly ResourceDefinition[]) {
  const served = definitions.filter(
    ({ group, version }) => group === groupVersion.group && version === groupVersion.version,
  );
  return {
    kind: 'APIResourceList',
    ...(groupVersion.group !== '' && { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(groupVersion),
    // Those of custom resources are not sorted.
    resources: [
      ...linesOf(served.filter(({ custom }) => custom === undefined)).sort((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
      ...linesOf(served.filter(({ custom }) => custom !== undefined)),
    ],
  };
}

const linesOf = (definitions: readonly ResourceDefinition[]): ApiResource[] =>
  definitions.flatMap((definition) => [
    apiResource(definition),
    ...subresourcesOf(definition).map((subresource) => apiSubresource(definition, subresource)),
  ]);

export function verbsOf(definition: ResourceDefinition): readonly ResourceVerb[] {
  const { verbs, virtual, custom } = definition;
  if (verbs !== undefined) return custom === undefined ? [...verbs].sort() : verbs;
  if (virtual === undefined) return ALL_VERBS;
  return (['create', 'get', 'list'] as const).filter((verb) => virtual[verb] !== undefined);
}

function apiResource(definition: ResourceDefinition): ApiResource {
  const { resource, singular, namespaced, kind, shortNames, categories, virtual } = definition;
  return {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbsOf(definition),
    ...(shortNames !== undefined && { shortNames }),
    ...(categories !== undefined && { categories }),
    ...(virtual === undefined && { storageVersionHash: storageVersionHash(storedAs(definition)) }),
  };
}

/** Only the stored version of a custom resource gives the hash. */
const storedAs = ({ group, version, kind, custom, hashedAs }: ResourceDefinition): GroupVersionKind => ({
  group: hashedAs?.group ?? group,
  version: hashedAs?.version ?? custom?.storageVersion ?? version,
  kind,
});

function apiSubresource(definition: ResourceDefinition, subresource: Subresource): ApiResource {
  const { group, version, kind } = kindOf(definition, subresource);
  const isForeign = group !== definition.group || version !== definition.version;
  return {
    name: `${definition.resource}/${subresource.name}`,
    singularName: '',
    namespaced: definition.namespaced,
    ...(isForeign && { ...(group !== '' && { group }), version }),
    kind,
    verbs: subresourceVerbs(subresource),
  };
}

export function kindOf(definition: ResourceDefinition, subresource: Subresource) {
  return subresource.handler === 'update' ? definition : (subresource.kind ?? definition);
}

const METHOD_VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function subresourceVerbs(subresource: Subresource): readonly string[] {
  switch (subresource.handler) {
    case 'update':
      return subresource.verbs ?? STATUS_VERBS;
    case 'connect':
      return subresource.methods.flatMap((method) => METHOD_VERBS[method] ?? []).sort();
    case 'object':
      return [
        ...(subresource.create === undefined ? [] : ['create']),
        ...(subresource.get === undefined ? [] : ['get']),
        ...(subresource.get === undefined || subresource.update === undefined ? [] : ['patch']),
        ...(subresource.update === undefined ? [] : ['update']),
      ];
  }
}
