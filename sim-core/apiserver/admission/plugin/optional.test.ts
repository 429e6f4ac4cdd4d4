import { describe, expect, test } from 'vitest';
import { attributesOf } from '../../../testing/admission.ts';
import { readerOf } from '../../../testing/object-reader.ts';
import { AlwaysPullImages } from './alwayspullimages/admission.ts';
import { DenyServiceExternalIPs } from './denyserviceexternalips/admission.ts';
import { ExtendedResourceToleration } from './extendedresourcetoleration/admission.ts';
import { PodNodeSelector } from './podnodeselector/admission.ts';

const podOf = (spec: object) =>
  attributesOf({ resource: 'pods', object: { metadata: { name: 'p', namespace: 'web' }, spec } });

test('AlwaysPullImages', async () => {
  const attributes = podOf({
    containers: [{ name: 'a', imagePullPolicy: 'Never' }],
    initContainers: [{ name: 'b' }],
  });
  await new AlwaysPullImages().admit(attributes);
  const { containers, initContainers } = attributes.object!.spec;
  expect([...containers, ...initContainers]).toEqual([
    { name: 'a', imagePullPolicy: 'Always' },
    { name: 'b', imagePullPolicy: 'Always' },
  ]);
});

test('ExtendedResourceToleration', async () => {
  const resources = { requests: { cpu: '1', 'example.com/gpu': '1', 'requests.cpu': '1' } };
  const attributes = podOf({ containers: [{ name: 'a', resources }] });
  await new ExtendedResourceToleration().admit(attributes);
  await new ExtendedResourceToleration().admit(attributes);
  expect(attributes.object!.spec.tolerations).toEqual([{ key: 'example.com/gpu', operator: 'Exists' }]);
});

describe('DenyServiceExternalIPs', () => {
  const serviceOf = (...externalIPs: string[]) => ({ metadata: { name: 's' }, spec: { externalIPs } });
  test.each([
    [[], undefined, false],
    [['192.0.2.1'], undefined, true],
    [['192.0.2.1'], ['192.0.2.1', '192.0.2.2'], false],
    [['192.0.2.3'], ['192.0.2.1'], true],
  ])('%j after %j', async (next, before, refused) => {
    const answer = new DenyServiceExternalIPs().validate(
      attributesOf({
        resource: 'services',
        object: serviceOf(...next),
        oldObject: before && serviceOf(...before),
      }),
    );
    if (!refused) return expect(answer).resolves.toBeUndefined();
    await expect(answer).rejects.toThrow('Use of external IPs is denied by admission control');
  });
});

describe('PodNodeSelector', () => {
  const annotations = { 'scheduler.alpha.kubernetes.io/node-selector': 'disk=ssd, zone=a' };
  const plugin = new PodNodeSelector({
    reader: readerOf({ namespaces: [{ metadata: { name: 'web', annotations } }] as never }),
  });

  test("adds the namespace's selector", async () => {
    const attributes = podOf({ nodeSelector: { zone: 'a', os: 'linux' } });
    await plugin.admit(attributes);
    expect(attributes.object!.spec.nodeSelector).toEqual({ disk: 'ssd', zone: 'a', os: 'linux' });
  });

  test('refuses another one', async () => {
    await expect(plugin.admit(podOf({ nodeSelector: { zone: 'b' } }))).rejects.toThrow(
      'pod node label selector conflicts with its namespace node label selector',
    );
  });
});
