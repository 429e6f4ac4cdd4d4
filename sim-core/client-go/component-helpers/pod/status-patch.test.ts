import type { PodStatus } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { podStatusPatch } from './status-patch.ts';

const time = '2026-11-23T09:00:00Z';
const later = '2026-11-23T09:00:05Z';
const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: time };
const ready = (status: string) => ({ type: 'Ready', status, lastTransitionTime: time });

const cases: { name: string; old: PodStatus; status: PodStatus; patch: object | undefined }[] = [
  {
    name: 'is nothing for an equal status',
    old: { phase: 'Running', conditions: [scheduled] },
    status: { phase: 'Running', conditions: [scheduled] },
    patch: undefined,
  },
  {
    name: 'names the order of all conditions and carries those that changed',
    old: { phase: 'Pending', conditions: [ready('False'), scheduled] },
    status: {
      phase: 'Running',
      conditions: [{ ...ready('True'), lastTransitionTime: later }, scheduled],
    },
    patch: {
      '$setElementOrder/conditions': [{ type: 'Ready' }, { type: 'PodScheduled' }],
      conditions: [{ lastTransitionTime: later, status: 'True', type: 'Ready' }],
      phase: 'Running',
    },
  },
  {
    name: 'takes a reason away that is gone',
    old: { conditions: [{ ...ready('False'), reason: 'ContainersNotReady' }] },
    status: { conditions: [ready('True')] },
    patch: {
      '$setElementOrder/conditions': [{ type: 'Ready' }],
      conditions: [{ status: 'True', reason: null, type: 'Ready' }],
    },
  },
  {
    name: 'replaces container statuses as a whole',
    old: { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: false, restartCount: 0 }] },
    status: { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: true, restartCount: 0 }] },
    patch: { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: true, restartCount: 0 }] },
  },
  {
    name: 'needs no order for a list that was not there',
    old: {},
    status: { conditions: [scheduled] },
    patch: { conditions: [scheduled] },
  },
  {
    name: 'deletes an address by its key',
    old: { podIP: '192.168.1.2', podIPs: [{ ip: '192.168.1.2' }] },
    status: { podIP: '192.168.1.3', podIPs: [{ ip: '192.168.1.3' }] },
    patch: {
      podIP: '192.168.1.3',
      '$setElementOrder/podIPs': [{ ip: '192.168.1.3' }],
      podIPs: [{ ip: '192.168.1.3' }, { $patch: 'delete', ip: '192.168.1.2' }],
    },
  },
];

test.each(cases)('podStatusPatch $name', ({ old, status, patch }) => {
  expect(podStatusPatch('u', old, status)).toEqual(patch && { metadata: { uid: 'u' }, status: patch });
});
