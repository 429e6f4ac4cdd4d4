/** Upstream's Go package of a group's types: "rbac" of "rbac.authorization.k8s.io", "core" of "". */
export function packageOf(group: string): string {
  if (group === '' || group === 'events.k8s.io') return 'core';
  return group.split('.')[0]!;
}

/** The package of a type: "io.k8s.api.core.v1" of "io.k8s.api.core.v1.Pod". */
export function packageOfType(of: string): string {
  return of.slice(0, of.lastIndexOf('.'));
}
