import { beforeAll, expect, test } from 'vitest';
import { BareApiServer } from '../../../testing/bare-apiserver.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const SPECIAL = '<b>&\u2028\u2029';
const ESCAPED = String.raw`\u003cb\u003e\u0026\u2028\u2029`;
const server = new BareApiServer();

beforeAll(async () => {
  await server.start();
  await server.send('POST', CONFIG_MAPS, {
    metadata: { name: 'a', annotations: { x: SPECIAL } },
    data: { x: SPECIAL },
  });
});

const viewed = (as: string) => ({ accept: `application/json;as=${as};v=v1;g=meta.k8s.io` });

test.each([
  ['an object', `${CONFIG_MAPS}/a`, {}],
  ['laid out', `${CONFIG_MAPS}/a?pretty=true`, {}],
  ['a list', CONFIG_MAPS, {}],
  ['a Table', CONFIG_MAPS, viewed('Table')],
  ['its metadata', `${CONFIG_MAPS}/a`, viewed('PartialObjectMetadata')],
  ['an error', `${CONFIG_MAPS}/${encodeURIComponent(SPECIAL)}`, {}],
])('%s has no character that a page could take for markup', async (_what, path, headers) => {
  const { text } = await server.raw('GET', path, headers);
  expect(text).toContain(ESCAPED);
  expect(text).not.toMatch(/[<>&\u2028\u2029]/);
});
