/** Upstream's Go package of a group's types: "rbac" of "rbac.authorization.k8s.io", "core" of "". */
export function packageOf(group: string): string {
  if (group === '' || group === 'events.k8s.io') return 'core';
  return group.split('.')[0]!;
}
