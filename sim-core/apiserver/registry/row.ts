import type { ResourceDefinition } from './rest/resource.ts';

type Given = Pick<ResourceDefinition, 'kind' | 'resource' | 'strategy'> & Partial<ResourceDefinition>;

/**
 * Completes the rows of one group's version: namespaced, stored under its plural, with the schema of
 * its name. `schemaPrefix` is "io.k8s.api.core.v1".
 */
export function rowsOf(group: string, version: string, schemaPrefix: string) {
  return (given: Given): ResourceDefinition => ({
    group,
    version,
    singular: given.kind.toLowerCase(),
    namespaced: true,
    storagePrefix: given.virtual ? '' : given.resource,
    schema: `${schemaPrefix}.${given.kind}`,
    ...given,
  });
}
