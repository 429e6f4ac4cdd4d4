import { expect, test } from 'vitest';
import { parseImageName } from './image-name.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['nginx', 'latest', ''],
  ['nginx:latest', 'latest', ''],
  ['nginx:1.27', '1.27', ''],
  ['registry:5000/nginx', 'latest', ''],
  ['registry:5000/a/b:1', '1', ''],
  ['localhost/nginx', 'latest', ''],
  [`nginx@${DIGEST}`, '', DIGEST],
  [`nginx:1@${DIGEST}`, '1', DIGEST],
])('parseImageName: %s', (image, tag, digest) => {
  expect(parseImageName(image)).toEqual({ tag, digest });
});

test.each(['', 'Nginx', 'a b', '/nginx', 'nginx:', 'nginx@sha256:0123', 'a'.repeat(250), 'f'.repeat(64)])(
  'parseImageName: %j is no name',
  (image) => {
    expect(parseImageName(image)).toBeUndefined();
  },
);
