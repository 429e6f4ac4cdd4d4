import { expect, test } from 'vitest';
import { computePodQOS } from './qos.ts';

type List = Record<string, string>;
const spec = (...resources: { requests?: List; limits?: List }[]) => ({
  containers: resources.map((item, index) => ({ name: `c${index}`, resources: item })),
});

test.each([
  ['nothing asked for', spec({}), 'BestEffort'],
  ['zero is nothing', spec({ requests: { cpu: '0' } }), 'BestEffort'],
  ['a request', spec({ requests: { cpu: '1' } }), 'Burstable'],
  [
    'all limits equal the requests',
    spec({ requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } }),
    'Guaranteed',
  ],
  [
    'written differently, but equal',
    spec({ requests: { cpu: '1000m', memory: '1Gi' }, limits: { cpu: '1', memory: '1024Mi' } }),
    'Guaranteed',
  ],
  [
    'one container without limits',
    spec({ requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } }, {}),
    'Burstable',
  ],
  ['no limit for memory', spec({ requests: { cpu: '1' }, limits: { cpu: '1' } }), 'Burstable'],
])('computePodQOS: %s', (_name, pod, want) => {
  expect(computePodQOS(pod)).toBe(want);
});
