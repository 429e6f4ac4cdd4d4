import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { bumpGeneration } from '../generation.ts';
import type { Strategy } from '../rest/strategy.ts';
import {
  validateMutatingBinding,
  validateMutatingPolicy,
  validateValidatingBinding,
  validateValidatingPolicy,
} from './validation/policies.ts';
import { validateWebhookConfiguration } from './validation/webhooks.ts';

/** Counts changes of `field`; the status, if there is one, is kept. */
function strategyOf<T extends KubeObject>(field: string, validate: (object: T) => FieldError[]): Strategy {
  return {
    prepareForCreate(object) {
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old) {
      if (old['status'] !== undefined) object['status'] = old['status'];
      bumpGeneration(object, old, !decodedEqual(object[field], old[field]));
    },
    validate: (object) => validate(object as T),
    validateUpdate: (object) => validate(object as T),
  };
}

// Models pkg/registry/admissionregistration/*/strategy.go.
export const webhooks = strategyOf('webhooks', validateWebhookConfiguration);
export const validatingPolicies = strategyOf('spec', validateValidatingPolicy);
export const mutatingPolicies = strategyOf('spec', validateMutatingPolicy);
export const validatingBindings = strategyOf('spec', validateValidatingBinding);
export const mutatingBindings = strategyOf('spec', validateMutatingBinding);
