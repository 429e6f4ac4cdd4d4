import type { AuthorizationAttributes, PolicyRule } from '../authorizer.ts';

const ALL = '*';

const has = (list: readonly string[] | undefined, value: string) => list?.includes(value) ?? false;
const hasOrAll = (list: readonly string[] | undefined, value: string) => has(list, ALL) || has(list, value);

/** True if one of the rules covers the request. Models plugin/pkg/auth/authorizer/rbac RulesAllow. */
export function rulesAllow(attributes: AuthorizationAttributes, rules: readonly PolicyRule[]): boolean {
  return rules.some((rule) => ruleAllows(attributes, rule));
}

/** Models RuleAllows. */
export function ruleAllows(attributes: AuthorizationAttributes, rule: PolicyRule): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if (!attributes.resourceRequest) return nonResourceURLMatches(rule, attributes.path);
  const { resource, subresource, group, name } = attributes;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    hasOrAll(rule.apiGroups, group) &&
    resourceMatches(rule, combined, subresource) &&
    resourceNameMatches(rule, name)
  );
}

/** Models pkg/apis/rbac/v1/evaluation_helpers.go ResourceMatches. */
function resourceMatches({ resources }: PolicyRule, combined: string, subresource: string): boolean {
  if (hasOrAll(resources, combined)) return true;
  return subresource !== '' && has(resources, `*/${subresource}`);
}

function resourceNameMatches({ resourceNames }: PolicyRule, name: string): boolean {
  return !resourceNames || resourceNames.length === 0 || resourceNames.includes(name);
}

function nonResourceURLMatches({ nonResourceURLs }: PolicyRule, path: string): boolean {
  return (nonResourceURLs ?? []).some(
    (url) => url === ALL || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
  );
}

/**
 * What of `servants` no rule of `owners` covers, in single rights; empty if all is covered.
 * Models k8s.io/component-helpers/auth/rbac/validation Covers.
 */
export function uncoveredRules(owners: readonly PolicyRule[], servants: readonly PolicyRule[]): PolicyRule[] {
  return servants.flatMap(breakdown).filter((right) => !owners.some((owner) => ruleCovers(owner, right)));
}

/** One rule as rules that each grant one right. Models BreakdownRule. */
function breakdown(rule: PolicyRule): PolicyRule[] {
  const rights: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const right = { verbs: [verb], apiGroups: [group], resources: [resource] };
        const names = rule.resourceNames ?? [];
        if (names.length === 0) rights.push(right);
        for (const name of names) rights.push({ ...right, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) {
    for (const verb of rule.verbs) rights.push({ verbs: [verb], nonResourceURLs: [url] });
  }
  return rights;
}

const covers = (owner: readonly string[] | undefined, wanted: readonly string[] | undefined) =>
  has(owner, ALL) || (wanted ?? []).every((value) => has(owner, value));

function ruleCovers(owner: PolicyRule, right: PolicyRule): boolean {
  const names = owner.resourceNames ?? [];
  const wanted = right.resourceNames ?? [];
  return (
    covers(owner.verbs, right.verbs) &&
    covers(owner.apiGroups, right.apiGroups) &&
    resourcesCover(owner.resources, right.resources) &&
    urlsCover(owner.nonResourceURLs, right.nonResourceURLs) &&
    (wanted.length === 0
      ? names.length === 0
      : names.length === 0 || wanted.every((name) => names.includes(name)))
  );
}

function resourcesCover(
  owner: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): boolean {
  if (has(owner, ALL)) return true;
  return (wanted ?? []).every((resource) => {
    const slash = resource.indexOf('/');
    return has(owner, resource) || (slash >= 0 && has(owner, `*${resource.slice(slash)}`));
  });
}

function urlsCover(owner: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return (wanted ?? []).every((url) =>
    (owner ?? []).some(
      (pattern) => pattern === url || (pattern.endsWith('*') && url.startsWith(pattern.slice(0, -1))),
    ),
  );
}

/**
 * Rules that differ in their verbs only, as one. Models pkg/registry/rbac/validation CompactRules.
 */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const compacted: PolicyRule[] = [];
  const simple = new Map<string, { rule: PolicyRule; verbs: string[] }>();
  for (const rule of rules) {
    const single =
      rule.apiGroups?.length === 1 &&
      rule.resources?.length === 1 &&
      (rule.nonResourceURLs ?? []).length === 0 &&
      (rule.resourceNames ?? []).length <= 1;
    if (!single) {
      compacted.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames ?? []]);
    const known = simple.get(key);
    if (known === undefined) simple.set(key, { rule, verbs: [...rule.verbs] });
    else known.verbs.push(...rule.verbs);
  }
  for (const { rule, verbs } of simple.values()) compacted.push({ ...rule, verbs });
  return compacted;
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. Models rbac.PolicyRule CompactString. */
export function compactString(rule: PolicyRule): string {
  const part = (name: string, values: readonly string[] | undefined) =>
    values && values.length > 0 ? [`${name}:${goStringList(values)}`] : [];
  return `{${[
    ...part('APIGroups', rule.apiGroups),
    ...part('Resources', rule.resources),
    ...part('NonResourceURLs', rule.nonResourceURLs),
    ...part('ResourceNames', rule.resourceNames),
    ...part('Verbs', rule.verbs),
  ].join(', ')}}`;
}

/** A list as Go's %q prints it: `["a" "b"]`. */
export const goStringList = (values: readonly string[]) =>
  `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
