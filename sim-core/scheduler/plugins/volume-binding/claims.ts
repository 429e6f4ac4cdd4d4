import type { Pod } from 'kubernetes-types/core/v1';

/** The names of the claims that a pod uses, those made for its ephemeral volumes included. */
export function claimsOf({ metadata, spec }: Pod): string[] {
  const names: string[] = [];
  for (const { name, persistentVolumeClaim, ephemeral } of spec?.volumes ?? []) {
    if (persistentVolumeClaim) names.push(persistentVolumeClaim.claimName);
    else if (ephemeral) names.push(`${metadata!.name}-${name}`);
  }
  return names;
}
