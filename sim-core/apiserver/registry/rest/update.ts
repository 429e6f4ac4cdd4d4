import type { KubeObject } from '../../../apimachinery/object.ts';
import { invalidError } from '../../../apimachinery/status.ts';
import { validateObjectMetaUpdate } from '../../../apimachinery/validation/object-meta.ts';
import { ensureNamespace } from './meta.ts';
import type { RequestContext } from './object-store.ts';
import type { ResourceDefinition } from './resource.ts';
import { internalKind } from './resource.ts';
import type { UpdateStrategy } from './strategy.ts';

/**
 * Makes a changed object fit to be stored, or rejects with 422.
 * Models k8s.io/apiserver/pkg/registry/rest/update.go BeforeUpdate.
 */
export function beforeUpdate(
  definition: ResourceDefinition,
  strategy: UpdateStrategy,
  object: KubeObject,
  old: KubeObject,
  context: RequestContext,
): void {
  const { metadata } = object;
  ensureNamespace(definition.namespaced ? context.namespace : '', metadata);
  if (old.metadata.generation === undefined) delete metadata.generation;
  else metadata.generation = old.metadata.generation;
  strategy.prepareForUpdate?.(object, old, context);
  if ((metadata.uid ?? '') === '') copyField(metadata, old.metadata, 'uid');
  copyField(metadata, old.metadata, 'creationTimestamp');
  if (old.metadata.deletionTimestamp !== undefined) copyField(metadata, old.metadata, 'deletionTimestamp');
  if (metadata.deletionGracePeriodSeconds === undefined) {
    copyField(metadata, old.metadata, 'deletionGracePeriodSeconds');
  }
  // Upstream checks metadata here and again in each kind's validation: both lists show in the causes.
  const metaErrors = validateObjectMetaUpdate(metadata, old.metadata);
  const errors = [...metaErrors, ...metaErrors, ...(strategy.validateUpdate?.(object, old, context) ?? [])];
  if (errors.length > 0) throw invalidError(internalKind(definition), metadata.name ?? '', errors);
  for (const warning of strategy.warningsOnUpdate?.(object, old, context) ?? []) context.warn(warning);
}

function copyField<T extends object, K extends keyof T>(to: T, from: T, field: K): void {
  if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}
