import { goStrings } from '../../../../apimachinery/validation/field-error.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../../../../apimachinery/validation/names.ts';
import { compileMatchCondition } from '../../../cel/admission.ts';
import { validateClientConfig } from '../../../util/webhook/validation.ts';
import type { Webhook, WebhookConfiguration } from '../types.ts';
import { validateMatchConditions } from './policies.ts';
import { validateMatchPolicy, validateRule } from './rules.ts';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];

/** Models validateValidatingWebhookConfiguration and validateMutatingWebhookConfiguration. */
export function validateWebhookConfiguration(configuration: WebhookConfiguration): FieldError[] {
  const webhooks = configuration.webhooks ?? [];
  return webhooks.flatMap((webhook, index) => {
    const field = `webhooks[${index}]`;
    const isRepeated = webhooks.findIndex(({ name }) => name === webhook.name) < index;
    return [
      ...validateWebhook(webhook, field),
      ...reviewVersions(webhook.admissionReviewVersions ?? [], `${field}.admissionReviewVersions`),
      ...(isRepeated ? [duplicate(`${field}.name`, webhook.name)] : []),
    ];
  });
}

function validateWebhook(webhook: Webhook, field: string): FieldError[] {
  const { failurePolicy, sideEffects, timeoutSeconds, reinvocationPolicy } = webhook;
  const errors = qualifiedName(webhook.name ?? '', `${field}.name`);
  const oneOf = (value: string | undefined, name: string, known: readonly string[]) => {
    if (value !== undefined && !known.includes(value))
      errors.push(notSupported(`${field}.${name}`, value, known));
  };
  (webhook.rules ?? []).forEach((rule, index) =>
    errors.push(...validateRule(rule, `${field}.rules[${index}]`)),
  );
  oneOf(failurePolicy, 'failurePolicy', FAILURE_POLICIES);
  errors.push(...validateMatchPolicy(webhook.matchPolicy, `${field}.matchPolicy`));
  if ((sideEffects ?? undefined) === undefined)
    errors.push(required(`${field}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`));
  else oneOf(sideEffects, 'sideEffects', SIDE_EFFECTS);
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) {
    const detail = 'the timeout value must be between 1 and 30 seconds';
    errors.push(invalid(`${field}.timeoutSeconds`, timeoutSeconds, detail));
  }
  errors.push(...validateLabelSelector(webhook.namespaceSelector, `${field}.namespaceSelector`));
  errors.push(...validateLabelSelector(webhook.objectSelector, `${field}.objectSelector`));
  oneOf(reinvocationPolicy, 'reinvocationPolicy', REINVOCATION_POLICIES);
  errors.push(...validateClientConfig(webhook.clientConfig ?? {}, `${field}.clientConfig`));
  errors.push(
    ...validateMatchConditions(webhook.matchConditions, `${field}.matchConditions`, (expression) =>
      compileMatchCondition(expression),
    ),
  );
  return errors;
}

/** Models utilvalidation.IsFullyQualifiedName. */
function qualifiedName(name: string, field: string): FieldError[] {
  if (name === '') return [required(field)];
  const faults = isDNS1123Subdomain(name);
  if (faults.length > 0) return [invalid(field, name, faults.join(','))];
  return name.split('.').length < 3
    ? [invalid(field, name, 'should be a domain with at least three segments separated by dots')]
    : [];
}

/** Models validateAdmissionReviewVersions. */
function reviewVersions(versions: readonly string[], field: string): FieldError[] {
  if (versions.length === 0) return [required(field, `must specify one of ${REVIEW_VERSIONS.join(', ')}`)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${field}[${index}]`, version, 'duplicate version')]
      : isDNS1035Label(version).map((text) => invalid(`${field}[${index}]`, version, text)),
  );
  return versions.some((version) => REVIEW_VERSIONS.includes(version))
    ? errors
    : [
        ...errors,
        invalid(field, goStrings(versions), `must include at least one of ${REVIEW_VERSIONS.join(', ')}`),
      ];
}
