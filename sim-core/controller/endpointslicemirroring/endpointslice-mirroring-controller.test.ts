import { expect, test } from 'vitest';
import { openLab } from '../../testing/lab.ts';

const SLICES =
  '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dext';

interface Slice {
  readonly addressType: string;
  readonly endpoints: readonly { readonly addresses: readonly string[]; readonly conditions: object }[];
  readonly ports: readonly { readonly port: number }[];
}

const service = (selector?: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'ext' },
  spec: { ports: [{ port: 80 }], ...(selector && { selector }) },
});
const endpoints = (subsets: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'ext', labels: { tier: 'x' } },
  subsets,
});

test('mirrors what somebody wrote for a service without a selector', async () => {
  const lab = await openLab();
  const slices = async () => (await lab.get(SLICES))['items'] as Slice[];
  await lab.apply(service());
  const addresses = [{ ip: '10.9.0.1' }, { ip: '2001:db8::1' }];
  await lab.apply(endpoints([{ addresses, notReadyAddresses: [{ ip: '10.9.0.2' }], ports: [{ port: 80 }] }]));
  await lab.pass(2);
  const made = await slices();
  expect(made.map(({ addressType }) => addressType).sort()).toEqual(['IPv4', 'IPv6']);
  expect(made.find(({ addressType }) => addressType === 'IPv4')).toMatchObject({
    metadata: {
      labels: {
        tier: 'x',
        'kubernetes.io/service-name': 'ext',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
    },
    endpoints: [
      { addresses: ['10.9.0.1'], conditions: { ready: true } },
      { addresses: ['10.9.0.2'], conditions: { ready: false } },
    ],
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  });
  await lab.apply(endpoints([{ addresses: [{ ip: '10.9.0.3' }], ports: [{ port: 81 }] }]));
  await lab.pass(2);
  const [left, ...others] = await slices();
  expect(others).toEqual([]);
  expect(left).toMatchObject({ endpoints: [{ addresses: ['10.9.0.3'] }], ports: [{ port: 81 }] });
  await lab.sh('kubectl delete endpoints ext');
  await lab.pass(2);
  expect(await slices()).toEqual([]);
});
