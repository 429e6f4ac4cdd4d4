import { expect, test } from 'vitest';
import { BareApiServer } from '../../../testing/bare-apiserver.ts';

test('the Table of a scale has its own columns', async () => {
  const server = await new BareApiServer().start();
  const labels = { app: 'web' };
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const created = await server.send('POST', path, {
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a' }] } },
    },
  });
  expect(created.status).toBe(201);
  const { body } = await server.send('GET', `${path}/web/scale`, undefined, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  expect(
    body.columnDefinitions.map(({ name, type }: { name: string; type: string }) => [name, type]),
  ).toEqual([
    ['Name', 'string'],
    ['Desired', 'integer'],
    ['Available', 'integer'],
    ['Age', 'string'],
  ]);
  expect(body.rows[0].cells).toEqual(['web', 3, 0, '0s']);
});
