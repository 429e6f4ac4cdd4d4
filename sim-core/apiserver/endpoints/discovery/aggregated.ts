import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ApiGroup } from '../../server/config.ts';
import { subresourcesOf } from '../installer.ts';
import { kindOf, subresourceVerbs, verbsOf } from './resource-list.ts';

/**
 * All groups with all their resources in one answer, as kubectl asks for it.
 * Models k8s.io/apiserver/pkg/endpoints/discovery/aggregated.
 */
export function groupDiscoveryList(
  groups: readonly ApiGroup[],
  definitions: readonly ResourceDefinition[],
  version: 'v2' | 'v2beta1',
) {
  const old = version === 'v2beta1';
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name !== '' && { name }), ...(old && { creationTimestamp: null }) },
      versions: versions.map((groupVersion) => ({
        version: groupVersion,
        resources: definitions
          .filter((definition) => definition.group === name && definition.version === groupVersion)
          .map((definition) => resourceDiscovery(definition, old))
          .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
        freshness: 'Current',
      })),
    })),
  };
}

/** `old`: kinds of the group itself do not say so, but for those of custom resources. */
function resourceDiscovery(definition: ResourceDefinition, old: boolean) {
  const { resource, singular, namespaced, shortNames, categories, group, version, kind } = definition;
  const shown = (of: { group: string; version: string; kind: string }) =>
    old && definition.custom === undefined && of.group === group && of.version === version
      ? { group: '', version: '', kind: of.kind }
      : { group: of.group, version: of.version, kind: of.kind };
  const subresources = subresourcesOf(definition).map((subresource) => ({
    subresource: subresource.name,
    responseKind: shown(kindOf(definition, subresource)),
    verbs: subresourceVerbs(subresource),
  }));
  return {
    resource,
    responseKind: shown({ group, version, kind }),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(definition),
    ...(shortNames !== undefined && { shortNames }),
    ...(categories !== undefined && { categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}
