import type {
  MatchResources,
  NamedRuleWithOperations,
} from '../../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import type { AdmissionAttributes } from '../../../plugin.ts';
import { matchesNamespace, matchesObject, matchesRule } from '../../matching.ts';

/**
 * True if a request is one that the policy or binding is about.
 * Models policy/matching/matching.go Matches.
 */
export async function matchesResources(
  resources: MatchResources | undefined,
  attributes: AdmissionAttributes,
  services: Pick<ServerServices, 'reader' | 'registry'>,
): Promise<boolean> {
  if (resources === undefined) return true;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy, objectSelector } = resources;
  const requests = [attributes, ...(matchPolicy === 'Exact' ? [] : equivalents(attributes, services))];
  const applies = (rules: readonly NamedRuleWithOperations[]) =>
    rules.some(
      (rule) =>
        requests.some((request) => matchesRule(rule, request)) &&
        ((rule.resourceNames ?? []).length === 0 || rule.resourceNames!.includes(attributes.name)),
    );
  if (!matchesObject(objectSelector, attributes)) return false;
  if (applies(excludeResourceRules)) return false;
  if (resourceRules.length > 0 && !applies(resourceRules)) return false;
  return matchesNamespace(resources.namespaceSelector, attributes, services.reader);
}

/** The same request by the other versions in which its objects are served. */
export function equivalents(
  attributes: AdmissionAttributes,
  { registry }: Pick<ServerServices, 'registry'>,
): readonly AdmissionAttributes[] {
  const { resource } = attributes;
  return registry
    .definitions()
    .filter(
      (other) =>
        other.group === resource.group &&
        other.resource === resource.resource &&
        other.version !== resource.version,
    )
    .map(({ version }) => ({ ...attributes, resource: { ...resource, version } }));
}
