import { expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { PAUSE } from './image.ts';
import { ImageStore } from './image-store.ts';
import { parseImageReference, referenceText } from './reference.ts';

const newStore = () => {
  const clock = new VirtualClock({ start: 0, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  return { clock, store: new ImageStore(clock, { images: [PAUSE], present: [] }) };
};

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['bitnami/redis:7', 'docker.io/bitnami/redis:7'],
  ['localhost:5000/a', 'localhost:5000/a:latest'],
  ['registry.k8s.io/coredns/coredns:v1', 'registry.k8s.io/coredns/coredns:v1'],
])('the reference %s is %s', (text, full) => {
  expect(referenceText(parseImageReference(text)!)).toBe(full);
});

test.each(['', 'Nginx', 'nginx:', 'a b', '/nginx', 'nginx::1'])('%j is no reference', (text) => {
  expect(parseImageReference(text)).toBeUndefined();
});

test.each([
  [
    'nginx:nope',
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nope": failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found',
  ],
  [
    'ngnix',
    'rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve reference "docker.io/library/ngnix:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  [
    'reg.example/x:1',
    'rpc error: code = Unknown desc = failed to pull and unpack image "reg.example/x:1": failed to resolve reference "reg.example/x:1": failed to do request: Head "https://reg.example/v2/x/manifests/1": dial tcp: lookup reg.example on 127.0.0.53:53: no such host',
  ],
])('pulling %s fails in the words of containerd', async (image, message) => {
  const { clock, store } = newStore();
  await expect(clock.until(store.pullImage(image))).rejects.toThrow(message);
});

test('the first pull takes about a second, and then the image is there', async () => {
  const { clock, store } = newStore();
  expect(await store.imageStatus('nginx')).toBeUndefined();
  const digest = await clock.until(store.pullImage('nginx'));
  expect(clock.now()).toBeGreaterThan(900);
  expect(clock.now()).toBeLessThan(1200);
  expect(await store.imageStatus('docker.io/library/nginx:latest')).toMatchObject({ repoDigests: [digest] });
});

test('an image has the same digest on every machine', async () => {
  const [first, second] = [newStore(), newStore()];
  expect(await first.clock.until(first.store.pullImage('redis'))).toBe(
    await second.clock.until(second.store.pullImage('redis')),
  );
});
