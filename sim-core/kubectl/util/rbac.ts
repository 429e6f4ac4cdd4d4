/** Models rbacv1.PolicyRule. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

interface SimpleRule {
  readonly group: string;
  readonly resource: string;
  readonly names: readonly string[];
  readonly paths: readonly string[];
  verbs: string[];
}

/**
 * Rules as rows for people: "pods.apps/log\t[]\t[]\t[get list]", one for each resource or path, sorted.
 * Models pkg/util/rbac BreakdownRule, CompactRules, SortableRuleSlice and describe.CombineResourceGroup.
 */
export function ruleRows(rules: readonly PolicyRule[]): string[] {
  const simple = new Map<string, SimpleRule>();
  const paths: SimpleRule[] = [];
  for (const rule of rules) {
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const names: readonly (readonly string[])[] =
          (rule.resourceNames ?? []).length > 0 ? rule.resourceNames!.map((name) => [name]) : [[]];
        for (const one of names) {
          const key = [group, resource, ...one].join('\0');
          const known = simple.get(key);
          if (known === undefined)
            simple.set(key, { group, resource, names: one, paths: [], verbs: [...rule.verbs] });
          else known.verbs = [...new Set([...known.verbs, ...rule.verbs])];
        }
      }
    }
    for (const path of rule.nonResourceURLs ?? []) {
      for (const verb of rule.verbs)
        paths.push({ group: '', resource: '', names: [], paths: [path], verbs: [verb] });
    }
  }
  return [...paths, ...simple.values()]
    .map((rule) => ({ rule, key: goText(rule) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(
      ({ rule }) =>
        `${combined(rule)}\t[${rule.paths.join(' ')}]\t[${rule.names.join(' ')}]\t[${rule.verbs.join(' ')}]`,
    );
}

/** The rule as Go's generated String prints it; rules sort by that. */
function goText({ group, resource, names, paths, verbs }: SimpleRule): string {
  const isPath = paths.length > 0;
  const groups = isPath ? '' : group;
  return `Verbs:[${verbs.join(' ')}],APIGroups:[${groups}],Resources:[${resource}],ResourceNames:[${names.join(' ')}],NonResourceURLs:[${paths.join(' ')}],`;
}

function combined({ group, resource }: SimpleRule): string {
  const [name = '', subresource] = resource.split('/');
  return (group === '' ? name : `${name}.${group}`) + (subresource === undefined ? '' : `/${subresource}`);
}
