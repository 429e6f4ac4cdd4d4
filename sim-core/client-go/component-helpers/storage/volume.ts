import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { labelSelectorAsSelector } from '../../../apimachinery/labels/selector.ts';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { classOf } from './class.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** The node for which a provisioner is to make the claim's volume. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

type Resources = Record<string, string> | undefined;

/** The volume is meant for this claim, whether or not that is complete. Models IsVolumeBoundToClaim. */
export function isBoundTo(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = volume.spec?.claimRef;
  if (reference === undefined) return false;
  const { name, namespace, uid } = claim.metadata!;
  if (reference.name !== name || reference.namespace !== namespace) return false;
  return !reference.uid || reference.uid === uid;
}

/** Why the volume cannot serve the claim; undefined if it can. Models checkVolumeSatisfyClaim. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (sizeOf(volume).compare(requestOf(claim)) < 0) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!hasSameMode(volume, claim)) return 'incompatible volumeMode';
  if (!hasModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}

/**
 * The smallest free volume that can serve the claim, or one that was set aside for it.
 * Models FindMatchingVolume.
 */
export function findMatch(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  fits: (volume: PersistentVolume) => boolean = () => true,
): PersistentVolume | undefined {
  const selector = claim.spec?.selector && labelSelectorAsSelector(claim.spec.selector);
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (volume.metadata!.deletionTimestamp !== undefined) continue;
    const reserved = isBoundTo(volume, claim);
    if (volume.spec?.claimRef !== undefined && !reserved) continue;
    if (reserved && sizeOf(volume).compare(requestOf(claim)) >= 0 && fits(volume)) return volume;
    const isFree = volume.status?.phase === 'Available' && volume.spec?.claimRef === undefined;
    if (!isFree || mismatch(volume, claim) !== undefined || !fits(volume)) continue;
    if (selector !== undefined && !selector.matches(volume.metadata!.labels)) continue;
    if (best === undefined || sizeOf(volume).compare(sizeOf(best)) < 0) best = volume;
  }
  return best;
}

const sizeOf = ({ spec }: PersistentVolume): Quantity =>
  Quantity.parse((spec?.capacity as Resources)?.['storage'] ?? '0');

const requestOf = ({ spec }: PersistentVolumeClaim): Quantity =>
  Quantity.parse((spec?.resources?.requests as Resources)?.['storage'] ?? '0');

/** Models CheckVolumeModeMismatches, the other way round. */
export const hasSameMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  modeOf(volume) === modeOf(claim);

const modeOf = ({ spec }: PersistentVolume | PersistentVolumeClaim): string =>
  spec?.volumeMode ?? 'Filesystem';

const hasModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode));
