import type { KubeObject } from '../../../../../apimachinery/object.ts';
import { StatusError } from '../../../../../apimachinery/status.ts';
import type { CompilationError } from '../../../../cel/errors.ts';
import type {
  PolicyBinding,
  ValidatingPolicySpec,
} from '../../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../../errors.ts';
import type { AdmissionAttributes } from '../../../plugin.ts';
import { matchesResources } from '../generic/matcher.ts';
import { namespaceOf } from '../generic/namespace.ts';
import { collectParams, ConfigurationError, paramKindFault } from '../generic/params.ts';
import type { PolicyHook } from '../generic/source.ts';
import { ByRevision } from '../generic/source.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { compilePolicy } from './compiled-policy.ts';
import type { ValidationResult } from './validator.ts';
import { validateWith } from './validator.ts';

/** The first denial becomes the answer. */
interface Denied {
  readonly policy: string;
  /** undefined where the policy itself is at fault. */
  readonly binding: string | undefined;
  readonly message: string;
  readonly reason: string;
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
};
const FAILURES = 'validation.policy.admission.k8s.io/validation_failure';
const MAX_ANNOTATION = 10 * 1024;

/**
 * Runs all policies that are about a request. Rejects as the first validation that denies.
 * Models k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go.
 */
export class ValidatingDispatcher {
  readonly #services: ServerServices;
  readonly #compiled = new ByRevision<CompiledPolicy | CompilationError>();

  constructor(services: ServerServices) {
    this.#services = services;
  }

  async dispatch(
    attributes: AdmissionAttributes,
    hooks: readonly PolicyHook<ValidatingPolicySpec>[],
  ): Promise<void> {
    const denied: Denied[] = [];
    const failures: object[] = [];
    let namespace: { readonly object: KubeObject | undefined } | undefined;
    for (const { policy, bindings } of hooks) {
      if (!(await matchesResources(policy.spec.matchConstraints, attributes, this.#services))) continue;
      const failurePolicy = policy.spec.failurePolicy ?? 'Fail';
      const fault = paramKindFault(this.#services, policy.spec.paramKind);
      if (fault !== undefined) {
        if (failurePolicy === 'Ignore') continue;
        denied.push({ policy: policy.metadata.name!, binding: undefined, message: fault, reason: '' });
        continue;
      }
      const annotations = new Map<string, Set<string>>();
      for (const binding of bindings) {
        if (!(await matchesResources(binding.spec.matchResources, attributes, this.#services))) continue;
        namespace ??= { object: await namespaceOf(attributes, this.#services.reader) };
        const deny = (message: string, reason: string) =>
          denied.push({ policy: policy.metadata.name!, binding: binding.metadata.name!, message, reason });
        let params: readonly (KubeObject | undefined)[];
        try {
          const { paramKind } = policy.spec;
          params = await collectParams(
            this.#services,
            paramKind,
            binding.spec.paramRef,
            attributes.namespace,
          );
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          if (failurePolicy !== 'Ignore') deny(`failed to configure binding: ${error.message}`, '');
          continue;
        }
        for (const param of params) {
          const result = await validateWith(
            this.#compiled.get(policy, () => compilePolicy(policy)),
            failurePolicy,
            {
              attributes,
              authorizer: this.#services.authorizer,
              namespaceObject: namespace.object,
              params: param,
            },
          );
          this.#act(result, policy.metadata.name!, binding, attributes, deny, failures);
          for (const [key, value] of Object.entries(result.annotations)) {
            annotations.set(key, (annotations.get(key) ?? new Set()).add(value.slice(0, MAX_ANNOTATION)));
          }
        }
      }
      for (const [key, values] of annotations) {
        attributes.annotate?.(`${policy.metadata.name!}/${key}`, [...values].join(', '));
      }
    }
    if (failures.length > 0) attributes.annotate?.(FAILURES, JSON.stringify(failures));
    if (denied.length > 0) throw refusal(attributes, denied[0]!);
  }

  /** What the binding says is to become of denials. */
  #act(
    { denials, annotationErrors }: ValidationResult,
    policy: string,
    binding: PolicyBinding,
    attributes: AdmissionAttributes,
    deny: (message: string, reason: string) => void,
    failures: object[],
  ): void {
    const { validationActions = [] } = binding.spec;
    for (const { message, reason, expressionIndex } of denials) {
      for (const action of validationActions) {
        if (action === 'Deny') deny(message, reason);
        else if (action === 'Warn') {
          const name = binding.metadata.name!;
          attributes.warn(
            `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${name}': ${message}`,
          );
        } else if (action === 'Audit') {
          failures.push({
            message,
            policy,
            binding: binding.metadata.name,
            expressionIndex,
            validationActions,
          });
        }
      }
    }
    for (const message of annotationErrors) deny(message, '');
  }
}

function refusal(attributes: AdmissionAttributes, { policy, binding, message, reason }: Denied): StatusError {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  const text = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
  const { status, message: full } = admissionForbidden(attributes, text);
  const shown = reason || 'Invalid';
  return new StatusError(CODES[shown] ?? 422, shown, full, {
    ...status.details,
    causes: [{ message: text }],
  });
}
