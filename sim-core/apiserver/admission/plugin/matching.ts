import { labelSelectorAsSelector } from '../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { notFoundError } from '../../../apimachinery/status.ts';
import type { LabelSelectorSpec } from '../../../apimachinery/validation/labels.ts';
import type { RuleWithOperations } from '../../registry/admissionregistration/types.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { AdmissionAttributes } from '../plugin.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };

const matchesOne = (wanted: readonly string[] | undefined, value: string) =>
  (wanted ?? []).some((item) => item === '*' || item === value);

/** Models pkg/admission/plugin/webhook/predicates/rules. */
export function matchesRule(rule: RuleWithOperations, attributes: AdmissionAttributes): boolean {
  const { resource, operation } = attributes;
  return (
    matchesScope(rule.scope, attributes) &&
    matchesOne(rule.operations, operation) &&
    matchesOne(rule.apiGroups, resource.group) &&
    matchesOne(rule.apiVersions, resource.version) &&
    matchesResource(rule.resources, attributes)
  );
}

function matchesScope(scope: string | undefined, { namespace, resource }: AdmissionAttributes): boolean {
  if (scope === undefined || scope === '*') return true;
  // A namespace is admitted as if it lay in itself, but it is cluster-scoped.
  const isNamespaced = namespace !== '' && !(resource.group === '' && resource.resource === 'namespaces');
  return scope === 'Namespaced' ? isNamespaced : !isNamespaced;
}

function matchesResource(
  resources: readonly string[] | undefined,
  { resource: { resource }, subresource }: AdmissionAttributes,
): boolean {
  return (resources ?? []).some((text) => {
    const [wanted, ...rest] = text.split('/');
    const wantedSubresource = rest.join('/');
    return (
      (wanted === '*' || wanted === resource) &&
      (wantedSubresource === '*' || wantedSubresource === subresource)
    );
  });
}

const selects = (selector: LabelSelectorSpec | undefined, object: KubeObject | undefined) =>
  // The options of a connection have no metadata.
  object?.metadata !== undefined && labelSelectorAsSelector(selector ?? {}).matches(object.metadata.labels);

const isEmpty = (selector: LabelSelectorSpec | undefined) =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;

/** True if the new or the old object is selected. Models predicates/object. */
export function matchesObject(
  selector: LabelSelectorSpec | undefined,
  attributes: AdmissionAttributes,
): boolean {
  return isEmpty(selector) || selects(selector, attributes.object) || selects(selector, attributes.oldObject);
}

/**
 * True if the request's namespace is selected; what is in no namespace always is.
 * Rejects with 404 if the namespace is not there. Models predicates/namespace.
 */
export async function matchesNamespace(
  selector: LabelSelectorSpec | undefined,
  attributes: AdmissionAttributes,
  reader: ObjectReader,
): Promise<boolean> {
  if (isEmpty(selector)) return true;
  const { namespace, resource, object, oldObject, operation, subresource } = attributes;
  if (resource.group === '' && resource.resource === 'namespaces' && subresource === '') {
    return selects(selector, operation === 'DELETE' ? oldObject : object);
  }
  if (namespace === '') return true;
  const found = await reader.get(NAMESPACES, '', namespace);
  if (found === undefined) throw notFoundError(NAMESPACES, namespace);
  return selects(selector, found);
}

/** Configuration of admission is not admitted by itself: a mistake could never be taken back. */
export function isExempt({ kind }: AdmissionAttributes): boolean {
  return (
    kind.group === 'admissionregistration.k8s.io' &&
    /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$/.test(kind.kind)
  );
}
