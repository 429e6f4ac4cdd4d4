import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import type { RestMapping } from '../../resource/rest-mapper.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** One revision of a workload and the pod template that it had. */
export interface Revision {
  readonly number: number;
  readonly changeCause: string;
  readonly template: Json;
  readonly annotations: Readonly<Record<string, string>>;
  /** The replica set or controller revision itself. */
  readonly object: KubeObject;
}

/**
 * The revisions of a workload, oldest first: replica sets of a deployment, controller revisions of
 * daemon and stateful sets. Models pkg/polymorphichelpers/history.go.
 */
export async function revisionsOf(
  { factory }: Invocation,
  mapping: RestMapping,
  object: KubeObject,
): Promise<Revision[]> {
  const isDeployment = mapping.resource === 'deployments';
  const resource = isDeployment ? 'replicasets' : 'controllerrevisions';
  const kind = isDeployment ? 'ReplicaSet' : 'ControllerRevision';
  const helper = new Helper(factory.client(), {
    group: 'apps',
    version: 'v1',
    resource,
    kind,
    namespaced: true,
  });
  const list = await helper.list(object.metadata.namespace ?? '', { labelSelector: selectorText(object) });
  return (list.items as KubeObject[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(
        ({ uid, controller }) => controller === true && uid === object.metadata.uid,
      ),
    )
    .map((owned) => ({
      number: isDeployment ? Number(owned.metadata.annotations?.[REVISION] ?? 0) : (owned.revision as number),
      changeCause: owned.metadata.annotations?.[CHANGE_CAUSE] ?? '',
      template: isDeployment
        ? (owned.spec as { template: Json }).template
        : (owned.data as { spec: { template: Json } }).spec.template,
      annotations: owned.metadata.annotations ?? {},
      object: { ...owned, apiVersion: 'apps/v1', kind },
    }))
    .sort((a, b) => a.number - b.number);
}

function selectorText(object: KubeObject): string {
  const { selector } = object.spec as { selector?: { matchLabels?: Record<string, string> } };
  return Object.entries(selector?.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
