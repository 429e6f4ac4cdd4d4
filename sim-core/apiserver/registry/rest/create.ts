import type { KubeObject } from '../../../apimachinery/object.ts';
import { invalidError, StatusError } from '../../../apimachinery/status.ts';
import {
  validateObjectMeta,
  validateStandardFinalizers,
} from '../../../apimachinery/validation/object-meta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import type { RequestContext } from './object-store.ts';
import { metadataChecksOf } from '../metadata-checks.ts';
import { ensureNamespace } from './meta.ts';
import type { ResourceDefinition } from './resource.ts';
import { internalKind } from './resource.ts';

/**
 * Makes a new object fit to be stored, or rejects with 422.
 * Models k8s.io/apiserver/pkg/registry/rest/create.go BeforeCreate.
 */
export function beforeCreate(
  definition: ResourceDefinition,
  object: KubeObject,
  context: RequestContext,
): void {
  const { strategy, namespaced } = definition;
  ensureNamespace(namespaced ? context.namespace : '', object.metadata);
  strategy.prepareForCreate?.(object, context);
  const errors = [
    ...validateObjectMeta(object.metadata, namespaced, strategy.validateName ?? nameIsDNSSubdomain),
    ...(metadataChecksOf(definition, true).core
      ? validateStandardFinalizers(object.metadata.finalizers)
      : []),
    ...(strategy.validate?.(object, context) ?? []),
  ];
  if (errors.length > 0) throw invalidError(internalKind(definition), object.metadata.name ?? '', errors);
  for (const warning of strategy.warningsOnCreate?.(object, context) ?? []) context.warn(warning);
}

/** A generated name that was taken is the server's bad luck. Models rest.CheckGeneratedNameError. */
export function checkGeneratedName(error: unknown, object: KubeObject): unknown {
  if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') return error;
  if ((object.metadata.generateName ?? '') === '') return error;
  return new StatusError(
    409,
    'AlreadyExists',
    `${error.message}, the server was not able to generate a unique name for the object`,
    error.status.details,
  );
}
