import { expect, test } from 'vitest';
import { matchesScopes, usageOf } from './usage.ts';

const core = (resource: string) => ({ group: '', resource });
const show = (usage: ReturnType<typeof usageOf>) =>
  Object.fromEntries([...usage].map(([name, quantity]) => [name, quantity.toString()]));

test('a claim counts for its class too', () => {
  const claim = {
    metadata: { name: 'data' },
    spec: { storageClassName: 'fast', resources: { requests: { storage: '2Gi' } } },
  };
  expect(show(usageOf(core('persistentvolumeclaims'), claim))).toEqual({
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
    'requests.storage': '2Gi',
    'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'fast.storageclass.storage.k8s.io/requests.storage': '2Gi',
  });
});

test('objects of any kind count', () => {
  const object = { metadata: { name: 'w' } };
  expect(show(usageOf({ group: 'example.com', resource: 'widgets' }, object))).toEqual({
    'count/widgets.example.com': '1',
  });
});

const TERM = { topologyKey: 'zone', namespaces: ['other'] };

test.each([
  [['Terminating'], { activeDeadlineSeconds: 5 }, true],
  [['NotTerminating'], { activeDeadlineSeconds: 5 }, false],
  [['BestEffort'], {}, true],
  [['CrossNamespacePodAffinity'], {}, false],
  [
    ['CrossNamespacePodAffinity'],
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [TERM] } } },
    true,
  ],
  [
    ['CrossNamespacePodAffinity'],
    {
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: TERM }] },
      },
    },
    true,
  ],
])('scopes %j of %j: %s', (scopes, spec, want) => {
  const quota = { metadata: { name: 'q' }, spec: { scopes } };
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }], ...spec } };
  expect(matchesScopes(quota, core('pods'), pod)).toBe(want);
});
