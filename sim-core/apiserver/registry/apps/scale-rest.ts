import { deepCopy } from '../../../apimachinery/copy.ts';
import { labelSelectorAsSelector, selectorFromSet } from '../../../apimachinery/labels/selector.ts';
import { parentEntries, scaleEntries } from '../../../apimachinery/managedfields/scale-handler.ts';
import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import {
  conflictError,
  invalidError,
  isReason,
  notFoundError,
  OPTIMISTIC_LOCK,
} from '../../../apimachinery/status.ts';
import { validateNonnegative } from '../core/validation/common.ts';
import type { Subresource } from '../rest/subresource.ts';

const KIND = { group: 'autoscaling', kind: 'Scale' };

/**
 * What an autoscaler sees of a workload, with the managed fields that no answer shows. `plainSelector`: the
 * selector is a set of labels (ReplicationController).
 */
function scaleOf(object: KubeObject, plainSelector: boolean): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = plainSelector
    ? selectorFromSet(object.spec?.selector ?? {})
    : labelSelectorAsSelector(object.spec?.selector);
  const text = selector.toString();
  const replicas: number = object.spec?.replicas ?? 0;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: name!,
      namespace: namespace!,
      uid: uid!,
      resourceVersion: resourceVersion!,
      creationTimestamp: creationTimestamp!,
      managedFields: scaleEntries(object.metadata.managedFields),
    },
    spec: { ...(replicas !== 0 && { replicas }) },
    status: { replicas: object.status?.replicas ?? 0, ...(text !== '' && { selector: text }) },
  };
}

/** What reads and writes scales. */
type ScaleRest = Required<Pick<Extract<Subresource, { handler: 'object' }>, 'get' | 'current' | 'update'>>;

export interface ScaleOptions {
  /** The selector is a set of labels (ReplicationController). */
  readonly plainSelector?: boolean;
  /** What a GET says is not found; default: the workload. */
  readonly missing?: GroupResource;
}

/** The methods of the subresource. */
export function scaleRest({ plainSelector = false, missing }: ScaleOptions): ScaleRest {
  return {
    async get(context) {
      try {
        return scaleOf(await context.store.get(context.name, context), plainSelector);
      } catch (error) {
        if (missing !== undefined && isReason(error, 'NotFound')) throw notFoundError(missing, context.name);
        throw error;
      }
    },
    async current(context) {
      return scaleOf(await context.store.get(context.name, context), plainSelector);
    },
    async update(scale, context) {
      const replicas: number = scale.spec?.replicas ?? 0;
      const errors = validateNonnegative(replicas, 'spec.replicas');
      if (errors.length > 0) throw invalidError(KIND, scale.metadata.name ?? '', errors);
      const before = await context.store.get(context.name, context);
      await context.validate(scale, scaleOf(before, plainSelector));
      const { resourceVersion } = scale.metadata;
      const updated = await context.store.update(
        context.name,
        (current) => {
          if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
            throw conflictError(context.store.definition, context.name, OPTIMISTIC_LOCK);
          }
          const next = deepCopy(current);
          next.spec.replicas = replicas;
          const entries = parentEntries(
            current.metadata.managedFields,
            scale.metadata.managedFields,
            apiVersionOf(context.store.definition),
          );
          if (entries.length > 0) next.metadata.managedFields = entries;
          return next;
        },
        context,
      );
      return scaleOf(updated, plainSelector);
    },
  };
}
