import { expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from './checkpoint-text.ts';
import { bootCluster } from './simulator.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const checkpoint = await bootCluster({ shape: 'manual', seed: 1, settle });

test('a checkpoint comes back as it was', () => {
  expect(readCheckpoint(writeCheckpoint(checkpoint))).toEqual(JSON.parse(JSON.stringify(checkpoint)));
});

test('values stay as they are, whatever they look like', () => {
  const [[address, server]] = checkpoint.etcd as [(typeof checkpoint.etcd)[number]];
  const texts = ['{"a":1}', '{ "a": 1 }', '{"b":1,"2":1}', '{no', '[1]', ''];
  const changes = texts.map((text, index) => ['/key', text, 1, index, 1, '0', 0] as const);
  const odd = { ...checkpoint, etcd: [[address, { ...server, data: { ...server.data, changes } }] as const] };
  expect(readCheckpoint(writeCheckpoint(odd)).etcd[0]![1].data.changes).toEqual(changes);
});

test('an etcd that holds nothing comes back empty', () => {
  const [[address, server]] = checkpoint.etcd as [(typeof checkpoint.etcd)[number]];
  const data = { ...server.data, changes: [] };
  const empty = { ...checkpoint, etcd: [[address, { ...server, data }] as const] };
  expect(readCheckpoint(writeCheckpoint(empty)).etcd[0]![1].data.changes).toEqual([]);
});
