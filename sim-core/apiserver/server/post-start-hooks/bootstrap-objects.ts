import { deepCopy, deepEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { parseApiVersion } from '../../../apimachinery/object.ts';
import { API_SERVER_MANAGER } from '../../authentication/user.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

import { FLOW_SCHEMAS, PRIORITY_LEVELS } from '../../flowcontrol/flow-controller.ts';

const FLOW_CONTROL_INTERVAL = 60_000;
/** Priority levels and flow schemas that no cluster is without. */
const MANDATORY = ['exempt', 'catch-all'];
const AUTO_UPDATE = 'apf.kubernetes.io/autoupdate-spec';

/** Which hook of upstream makes the objects of a group, and as whom it manages their fields. */
const HOOKS: readonly (Parameters<typeof ensureObject>[3] & {
  readonly name: string;
  readonly group: string;
  readonly keeps?: PostStartHook['keeps'];
})[] = [
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
    keeps: {
      every: FLOW_CONTROL_INTERVAL,
      resources: [FLOW_SCHEMAS, PRIORITY_LEVELS],
    },
    correct: correctSpec,
  },
];

/**
 * One hook for each group that comes with objects: roles and bindings, priority classes, flow schemas.
 * Models pkg/registry/{rbac,scheduling,flowcontrol}/rest/storage_*.go PostStartHook.
 */
export function bootstrapObjects(load: () => Promise<readonly KubeObject[]>): readonly PostStartHook[] {
  return HOOKS.map(({ name, group, keeps, ...keeping }) => ({
    name,
    ...(keeps !== undefined && { keeps }),
    async run(services) {
      const definitions = services.registry.definitions();
      for (const object of await services.clock.outside(load())) {
        const definition = definitionOf(definitions, object);
        if (definition?.group !== group) continue;
        await ensureObject(services, definition, object, keeping);
      }
    },
  }));
}

/**
 * A spec that was changed, unless its owner wants it so. Models util/apihelpers and
 * apiserver/pkg/util/flowcontrol ensurer/strategy.go.
 */
function correctSpec(live: KubeObject, wanted: KubeObject): KubeObject | undefined {
  const { name, annotations, generation } = live.metadata;
  const asked = annotations?.[AUTO_UPDATE];
  const isKept = MANDATORY.includes(name!) || (asked === undefined ? generation === 1 : asked === 'true');
  if (!isKept || (asked === 'true' && deepEqual(live.spec ?? null, wanted.spec ?? null))) return undefined;
  const corrected = deepCopy(live);
  corrected.spec = deepCopy(wanted.spec!);
  corrected.metadata.annotations = { ...annotations, [AUTO_UPDATE]: 'true' };
  return corrected;
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
