import type { Pod, Service } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { subsetsOf, truncated } from './subsets.ts';

const service = (spec: object = {}): Service => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
const pod = (
  name: string,
  ip: string,
  more: { ready?: boolean; metadata?: object; spec?: object } = {},
): Pod => ({
  metadata: { name, namespace: 'default', uid: name, ...more.metadata },
  spec: { containers: [{ name: 'c' }], ...more.spec },
  status: {
    phase: 'Running',
    podIP: ip,
    conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }],
  },
});
const ips = (subsets: ReturnType<typeof subsetsOf>) =>
  subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => [
    addresses.map(({ ip }) => ip),
    notReadyAddresses.map(({ ip }) => ip),
    ports.map(({ port }) => port),
  ]);

test('orders addresses by their text and keeps those that are not ready apart', () => {
  const pods = [pod('a', '10.0.0.2'), pod('b', '10.0.0.10'), pod('c', '10.0.0.1', { ready: false })];
  expect(ips(subsetsOf(service(), pods))).toEqual([[['10.0.0.10', '10.0.0.2'], ['10.0.0.1'], [8080]]]);
});

test('leaves out pods that end, unless those that are not ready are wanted', () => {
  const going = pod('a', '10.0.0.1', { metadata: { deletionTimestamp: '2026-11-23T09:00:00Z' } });
  expect(subsetsOf(service(), [going])).toEqual([]);
  expect(ips(subsetsOf(service({ publishNotReadyAddresses: true }), [going]))).toEqual([
    [['10.0.0.1'], [], [8080]],
  ]);
});

test('puts ports together that the same pods answer on', () => {
  const named = (number: number) => ({
    containers: [{ name: 'c', ports: [{ name: 'http', containerPort: number }] }],
  });
  const ports = [
    { name: 'http', port: 80, targetPort: 'http' },
    { name: 'dns', port: 53, targetPort: 53 },
  ];
  const pods = [pod('a', '10.0.0.1', { spec: named(8080) }), pod('b', '10.0.0.2', { spec: named(8081) })];
  expect(ips(subsetsOf(service({ ports }), pods))).toEqual([
    [['10.0.0.1'], [], [8080]],
    [['10.0.0.1', '10.0.0.2'], [], [53]],
    [['10.0.0.2'], [], [8081]],
  ]);
});

test('gives a pod of a headless service the name that DNS knows it by', () => {
  const own = pod('a', '10.0.0.1', { spec: { hostname: 'first', subdomain: 'web' } });
  const [subset] = subsetsOf(service({ clusterIP: 'None' }), [own]);
  expect(subset!.addresses![0]!.hostname).toBe('first');
});

test('holds at most a thousand addresses, ready ones first', () => {
  const addresses = Array.from({ length: 600 }, (_, index) => ({ ip: `10.0.${index >> 8}.${index & 255}` }));
  const subset = { addresses, notReadyAddresses: addresses, ports: [{ port: 80 }] };
  const [kept] = truncated([subset])!;
  expect([kept!.addresses!.length, kept!.notReadyAddresses!.length]).toEqual([600, 400]);
  expect(truncated([{ addresses }])).toBeUndefined();
});
