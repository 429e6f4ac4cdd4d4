import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalidError, StatusError } from '../../../apimachinery/status.ts';
import {
  validateObjectMeta,
  validateStandardFinalizers,
} from '../../../apimachinery/validation/object-meta.ts';
import { nameIsDNSSubdomain, nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
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
  const refuseIf = (found: readonly FieldError[]) => {
    if (found.length > 0) throw invalidError(internalKind(definition), object.metadata.name ?? '', found);
  };
  const { metadata } = object;
  const { validateName = nameIsDNSSubdomain } = strategy;
  const { core, asUpdate, whole } = metadataChecksOf(definition, true);
  const errors = [
    ...(asUpdate + whole > 0 ? validateObjectMeta(metadata, namespaced, validateName) : []),
    ...(core ? validateStandardFinalizers(metadata.finalizers) : []),
    ...(strategy.validate?.(object, context) ?? []),
  ];
  refuseIf(errors);
  // Whatever the kind says of its names, each is one segment of a path.
  refuseIf(validateObjectMeta(metadata, namespaced, nameIsPathSegment));
  for (const warning of strategy.warningsOnCreate?.(object, context) ?? []) context.warn(warning);
}

/** A generated name that was taken is the server's bad luck: the client may try again. Models rest.CheckGeneratedNameError. */
export function checkGeneratedName(error: unknown, object: KubeObject): unknown {
  if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') return error;
  if ((object.metadata.generateName ?? '') === '') return error;
  return new StatusError(
    409,
    'AlreadyExists',
    `${error.message}, the server was not able to generate a unique name for the object`,
    { ...error.status.details, retryAfterSeconds: 1 },
  );
}
