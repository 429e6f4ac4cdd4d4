import type { KubeObject } from '../../../apimachinery/object.ts';
import { parseApiVersion } from '../../../apimachinery/object.ts';
import { API_SERVER_MANAGER } from '../../authentication/user.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

/** Which hook of upstream makes the objects of a group, and as whom it manages their fields. */
const HOOKS = [
  { name: 'rbac/bootstrap-roles', group: 'rbac.authorization.k8s.io', manager: API_SERVER_MANAGER },
  {
    name: 'scheduling/bootstrap-system-priority-classes',
    group: 'scheduling.k8s.io',
    manager: API_SERVER_MANAGER,
  },
  {
    name: 'priority-and-fairness-config-producer',
    group: 'flowcontrol.apiserver.k8s.io',
    manager: 'api-priority-and-fairness-config-producer-v1',
  },
] as const;

/**
 * One hook for each group that comes with objects: roles and bindings, priority classes, flow schemas.
 * Models pkg/registry/{rbac,scheduling,flowcontrol}/rest/storage_*.go PostStartHook.
 */
export function bootstrapObjects(load: () => Promise<readonly KubeObject[]>): readonly PostStartHook[] {
  return HOOKS.map(({ name, group, manager }) => ({
    name,
    async run(services) {
      const definitions = services.registry.definitions();
      for (const object of await services.clock.outside(load())) {
        const definition = definitionOf(definitions, object);
        if (definition?.group !== group) continue;
        await ensureObject(services, definition, object, manager);
      }
    },
  }));
}

/** Undefined for a kind that this server does not serve. */
function definitionOf(
  definitions: readonly ResourceDefinition[],
  object: KubeObject,
): ResourceDefinition | undefined {
  const { group, version } = parseApiVersion(object.apiVersion ?? '');
  return definitions.find(
    (definition) =>
      definition.kind === object.kind && definition.group === group && definition.version === version,
  );
}
