import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { NamespaceLifecycle } from './admission.ts';

const plugin = new NamespaceLifecycle({
  reader: readerOf({
    namespaces: [
      { metadata: { name: 'alive' }, status: { phase: 'Active' } },
      { metadata: { name: 'dying' }, status: { phase: 'Terminating' } },
    ],
  }),
});
const create = (namespace: string, resource = 'configmaps', group = '') =>
  attributesOf({ resource, group, namespace, object: { metadata: { name: 'x', namespace } } });

test.each([
  ['a new object in a namespace that is there', create('alive')],
  ['a change in a namespace on its way out', { ...create('dying'), operation: 'UPDATE' as const }],
  ['a deletion in a namespace that is gone', { ...create('gone'), operation: 'DELETE' as const }],
  ['an object without a namespace', create('')],
  ['a review anywhere', create('gone', 'localsubjectaccessreviews', 'authorization.k8s.io')],
])('NamespaceLifecycle admits %s', async (_name, attributes) => {
  await expect(plugin.admit(attributes)).resolves.toBeUndefined();
});

test.each([
  ['a new object in a namespace that is not there', create('gone'), 'namespaces "gone" not found'],
  [
    'a new object in a namespace on its way out',
    create('dying'),
    'configmaps "x" is forbidden: unable to create new content in namespace dying because it is being terminated',
  ],
  [
    'the deletion of a namespace that never goes',
    attributesOf({ resource: 'namespaces', kind: 'Namespace', operation: 'DELETE', name: 'kube-system' }),
    'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  ],
])('NamespaceLifecycle refuses %s', async (_name, attributes, message) => {
  await expect(plugin.admit(attributes)).rejects.toThrow(message);
});
