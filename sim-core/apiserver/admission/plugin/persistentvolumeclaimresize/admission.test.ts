import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { PersistentVolumeClaimResize } from './admission.ts';

const storageclasses = [
  { metadata: { name: 'elastic' }, allowVolumeExpansion: true },
  { metadata: { name: 'rigid' } },
];
const plugin = new PersistentVolumeClaimResize({
  reader: readerOf({ storageclasses: storageclasses as never }),
});
const claimOf = (storageClassName: string, storage: string, phase: string) => ({
  metadata: { name: 'data' },
  spec: { storageClassName, resources: { requests: { storage } } },
  status: { phase },
});
const updateOf = (name: string, from: string, to: string, phase: string) =>
  attributesOf({
    resource: 'persistentvolumeclaims',
    operation: 'UPDATE',
    object: claimOf(name, to, phase),
    oldObject: claimOf(name, from, phase),
  });

test.each([
  ['elastic', '1Gi', '2Gi', 'Bound'],
  ['rigid', '1Gi', '1024Mi', 'Bound'],
  ['rigid', '1Gi', '1Gi', 'Pending'],
])('%s from %s to %s while %s', async (...given) => {
  await expect(plugin.validate(updateOf(...given))).resolves.toBeUndefined();
});

test.each([
  ['elastic', 'Pending', 'Only bound persistent volume claims can be expanded'],
  ['rigid', 'Bound', 'the storageclass that provisions the pvc must support resize'],
  ['', 'Bound', 'only dynamically provisioned pvc can be resized'],
])('class %j, %s: %s', async (name, phase, message) => {
  await expect(plugin.validate(updateOf(name, '1Gi', '2Gi', phase))).rejects.toThrow(message);
});
