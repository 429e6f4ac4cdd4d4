import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { invalidError } from '../../../apimachinery/status.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { nameIsDNSSubdomain, nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import {
  validateObjectMetaBelowName,
  validateObjectMetaUpdate,
  validateObjectName,
  validateStandardFinalizers,
} from '../../../apimachinery/validation/object-meta.ts';
import { metadataChecksOf } from '../metadata-checks.ts';
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
  ensureNamespace(definition.namespaced ? context.namespace : '', object.metadata);
  copyField(object.metadata, old.metadata, 'generation');
  strategy.prepareForUpdate?.(object, old, context);
  // A status may take all of its metadata from what is stored.
  const { metadata } = object;
  if ((metadata.uid ?? '') === '') copyField(metadata, old.metadata, 'uid');
  copyField(metadata, old.metadata, 'creationTimestamp');
  if (old.metadata.deletionTimestamp !== undefined) copyField(metadata, old.metadata, 'deletionTimestamp');
  if (metadata.deletionGracePeriodSeconds === undefined) {
    copyField(metadata, old.metadata, 'deletionGracePeriodSeconds');
  }
  const errors = [
    ...metadataErrors(definition, metadata, old.metadata, strategy === definition.strategy),
    ...(strategy.validatesUpdateAsNew ? (definition.strategy.validate?.(object, context) ?? []) : []),
    ...(strategy.validateUpdate?.(object, old, context) ?? []),
  ];
  if (errors.length > 0) throw invalidError(internalKind(definition), metadata.name ?? '', errors);
  for (const warning of strategy.warningsOnUpdate?.(object, old, context) ?? []) context.warn(warning);
}

/** Upstream checks metadata here and again in the kind's validation: all findings show in the causes. */
function metadataErrors(
  definition: ResourceDefinition,
  metadata: ObjectMeta,
  old: ObjectMeta,
  main: boolean,
): FieldError[] {
  const { namespaced, strategy } = definition;
  const changed = validateObjectMetaUpdate(metadata, old);
  const belowName = validateObjectMetaBelowName(metadata, namespaced);
  const errors = [...validateObjectName(metadata, nameIsPathSegment), ...belowName, ...changed];
  const checks = metadataChecksOf(definition, main);
  const finalizers = checks.core ? validateStandardFinalizers(metadata.finalizers) : [];
  for (let times = 0; times < checks.asUpdate; times++) errors.push(...changed, ...finalizers);
  if (checks.whole === 0) return errors;
  const { validateName = nameIsDNSSubdomain } = strategy;
  const whole = [...validateObjectName(metadata, validateName), ...belowName, ...finalizers];
  for (let times = 0; times < checks.whole; times++) errors.push(...whole);
  return errors;
}

function copyField<T extends object, K extends keyof T>(to: T, from: T, field: K): void {
  if (from[field] !== undefined) to[field] = from[field];
  else if (field in to) delete to[field];
}
