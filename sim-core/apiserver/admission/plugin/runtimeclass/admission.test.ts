import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { RuntimeClass } from './admission.ts';

const GVISOR = {
  metadata: { name: 'gvisor' },
  handler: 'runsc',
  overhead: { podFixed: { cpu: '250m' } },
  scheduling: { nodeSelector: { sandbox: 'gvisor' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
};
const PLAIN = { metadata: { name: 'plain' }, handler: 'runc' };
const plugin = new RuntimeClass({ reader: readerOf({ runtimeclasses: [GVISOR, PLAIN] as never }) });
const podOf = (spec: object) => attributesOf({ resource: 'pods', object: { metadata: { name: 'p' }, spec } });

test('a pod gets the overhead and the place of its class', async () => {
  const attributes = podOf({ runtimeClassName: 'gvisor', nodeSelector: { disk: 'ssd' } });
  await plugin.admit(attributes);
  await plugin.validate(attributes);
  expect(attributes.object!.spec).toEqual({
    runtimeClassName: 'gvisor',
    overhead: { cpu: '250m' },
    nodeSelector: { disk: 'ssd', sandbox: 'gvisor' },
    tolerations: [{ key: 'sandbox', operator: 'Exists' }],
  });
});

test.each([
  [{ runtimeClassName: '' }, 'resource name may not be empty'],
  [{ runtimeClassName: 'ghost' }, 'pod rejected: RuntimeClass "ghost" not found'],
  [
    { runtimeClassName: 'gvisor', overhead: { cpu: '1' } },
    "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
  ],
  [
    { runtimeClassName: 'gvisor', nodeSelector: { sandbox: 'kata' } },
    'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = gvisor; pod.spec.nodeSelector[sandbox] = kata',
  ],
])('%j is refused', async (spec, message) => {
  await expect(plugin.admit(podOf(spec))).rejects.toThrow(message);
});

test.each([{ overhead: { cpu: '1' } }, { runtimeClassName: 'plain', overhead: { cpu: '1' } }])(
  '%j: overhead of its own is refused',
  async (spec) => {
    await expect(plugin.validate(podOf(spec))).rejects.toThrow(
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    );
  },
);
