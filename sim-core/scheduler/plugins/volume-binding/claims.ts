import type { Pod } from 'kubernetes-types/core/v1';
import { ephemeralClaimName } from '../../../client-go/component-helpers/storage/ephemeral.ts';

/** The names of the claims that a pod uses, those made for its ephemeral volumes included. */
export function claimsOf(pod: Pod): string[] {
  const names: string[] = [];
  for (const volume of pod.spec?.volumes ?? []) {
    const { persistentVolumeClaim, ephemeral } = volume;
    if (persistentVolumeClaim) names.push(persistentVolumeClaim.claimName);
    else if (ephemeral) names.push(ephemeralClaimName(pod, volume));
  }
  return names;
}
