import { deepCopy } from '../../../apimachinery/copy.ts';
import { parentEntries, scaleEntries } from '../../../apimachinery/managedfields/scale-handler.ts';
import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import {
  badRequestError,
  conflictError,
  internalError,
  unknownError,
  OPTIMISTIC_LOCK,
} from '../../../apimachinery/status.ts';
import type { PathElement } from '../../../apimachinery/structured-merge-diff/path-element.ts';
import { fieldElement } from '../../../apimachinery/structured-merge-diff/path-element.ts';
import type { Subresource } from '../../registry/rest/subresource.ts';
import type { ScaleSubresource } from '../types.ts';
import { AccessError, nestedInteger, nestedString, setNested } from './paths.ts';

const KIND = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  schema: 'io.k8s.api.autoscaling.v1.Scale',
};

/**
 * …/scale of a custom resource: replicas and selector stand where its definition says.
 * Models pkg/registry/customresource/etcd.go ScaleREST.
 */
export function customScale(scale: ScaleSubresource): Subresource {
  const path = scale.specReplicasPath.split('.').slice(1).map(fieldElement);
  return {
    handler: 'object',
    name: 'scale',
    kind: KIND,
    fillDefaults(object) {
      object['spec'] ??= {};
      object['status'] ??= {};
      object['status'].replicas ??= 0;
    },
    async get(context) {
      const object = await context.store.get(context.name, context);
      if (
        accessing(() => nestedInteger(object as unknown as JsonObject, scale.specReplicasPath)) === undefined
      ) {
        throw internalError(
          `the spec replicas field ${JSON.stringify(scale.specReplicasPath)} does not exist`,
        );
      }
      return scaleOf(object, scale, path);
    },
    async update(wanted, context) {
      const replicas = wanted['spec']?.replicas as number | undefined;
      const before = await context.store.get(context.name, context);
      await context.validate(wanted, scaleOf(before, scale, path));
      const { resourceVersion } = wanted.metadata;
      const updated = await context.store.update(
        context.name,
        (current) => {
          if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
            throw conflictError(context.store.definition, context.name, OPTIMISTIC_LOCK);
          }
          const next = deepCopy(current);
          const had = nestedInteger(next as unknown as JsonObject, scale.specReplicasPath);
          if (replicas === undefined && had === undefined) {
            throw badRequestError(
              `the spec replicas field ${JSON.stringify(scale.specReplicasPath)} cannot be empty`,
            );
          }
          setNested(next as unknown as JsonObject, scale.specReplicasPath, replicas ?? 0);
          const entries = parentEntries(
            current.metadata.managedFields,
            wanted.metadata.managedFields,
            apiVersionOf(context.store.definition),
            path,
          );
          if (entries.length > 0) next.metadata.managedFields = entries;
          return next;
        },
        context,
      );
      return scaleOf(updated, scale, path);
    },
  };
}

/** Models scaleFromCustomResource. */
function scaleOf(object: KubeObject, scale: ScaleSubresource, path: readonly PathElement[]): KubeObject {
  const content = object as unknown as JsonObject;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = accessing(() => nestedInteger(content, scale.specReplicasPath)) ?? 0;
  const selector = scale.labelSelectorPath
    ? (accessing(() => nestedString(content, scale.labelSelectorPath!)) ?? '')
    : '';
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: name!,
      ...(namespace !== undefined && { namespace }),
      uid: uid!,
      resourceVersion: resourceVersion!,
      creationTimestamp: creationTimestamp!,
      managedFields: scaleEntries(object.metadata.managedFields, path),
    },
    spec: { ...(replicas !== 0 && { replicas }) },
    status: {
      replicas: accessing(() => nestedInteger(content, scale.statusReplicasPath)) ?? 0,
      ...(selector !== '' && { selector }),
    },
  };
}

function accessing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AccessError) throw unknownError(error.message);
    throw error;
  }
}
