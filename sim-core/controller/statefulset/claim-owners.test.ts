import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { describe, expect, it } from 'vitest';
import {
  areOwnersUpToDate,
  belongsToEarlierPod,
  hasConflictingController,
  wantedOwners,
} from './claim-owners.ts';

const set = (whenDeleted: string, whenScaled: string): StatefulSet => ({
  metadata: { name: 'db', uid: 'set' },
  spec: {
    serviceName: 'db',
    replicas: 1,
    selector: {},
    template: {},
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  },
});
const pod = (ordinal: number): Pod => ({ metadata: { name: `db-${ordinal}`, uid: `pod-${ordinal}` } });
const SET: OwnerReference = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'db',
  uid: 'set',
  controller: true,
  blockOwnerDeletion: true,
};
const POD: OwnerReference = { ...SET, apiVersion: 'v1', kind: 'Pod', name: 'db-1', uid: 'pod-1' };
const OTHER: OwnerReference = { ...SET, kind: 'Other', name: 'x', uid: 'x' };
const claim = (...ownerReferences: OwnerReference[]): PersistentVolumeClaim => ({
  metadata: { ownerReferences },
});

describe('the owners of a claim', () => {
  it.each<[string, string, number, OwnerReference[]]>([
    ['Retain', 'Retain', 1, []],
    ['Delete', 'Retain', 1, [SET]],
    ['Retain', 'Delete', 0, []],
    ['Retain', 'Delete', 1, [POD]],
    ['Delete', 'Delete', 0, [SET]],
    ['Delete', 'Delete', 1, [POD]],
  ])('whenDeleted %s, whenScaled %s, pod %d', (whenDeleted, whenScaled, ordinal, owners) => {
    const policy = set(whenDeleted, whenScaled);
    for (const known of [[], [SET], [{ ...POD, name: `db-${ordinal}`, uid: `pod-${ordinal}` }]]) {
      expect(wantedOwners(claim(...known), policy, pod(ordinal))).toEqual(owners);
    }
    expect(areOwnersUpToDate(claim(...owners), policy, pod(ordinal))).toBe(true);
    expect(areOwnersUpToDate(claim(SET, POD), policy, pod(1))).toBe(false);
  });

  it('are not for a set to decide where another controller has the claim', () => {
    const policy = set('Delete', 'Delete');
    expect(hasConflictingController(claim(OTHER), policy, pod(0))).toBe(true);
    expect(hasConflictingController(claim(OTHER), set('Retain', 'Retain'), pod(0))).toBe(false);
    expect(areOwnersUpToDate(claim(OTHER), policy, pod(0))).toBe(true);
    expect(wantedOwners(claim(OTHER, SET), policy, pod(0))).toEqual([OTHER]);
  });

  it('stay where the claim goes with an earlier pod or set', () => {
    const earlier = { ...POD, uid: 'earlier' };
    expect(belongsToEarlierPod(claim(earlier), pod(1))).toBe(true);
    expect(belongsToEarlierPod(claim(POD), pod(1))).toBe(false);
    expect(areOwnersUpToDate(claim(earlier), set('Delete', 'Delete'), pod(1))).toBe(true);
  });
});
