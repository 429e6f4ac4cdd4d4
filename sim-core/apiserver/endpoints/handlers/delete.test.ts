import { beforeAll, describe, expect, test } from 'vitest';
import { BareApiServer } from '../../../testing/bare-apiserver.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const server = new BareApiServer();
beforeAll(() => server.start());

const make = (name: string) => server.send('POST', CONFIG_MAPS, { metadata: { name } });
const names = async () =>
  (await server.send('GET', CONFIG_MAPS)).body.items.map(
    (item: { metadata: { name: string } }) => item.metadata.name,
  );

describe('preconditions', () => {
  test.each(['uid=', 'resourceVersion=', 'uid=&resourceVersion='])('?%s says nothing', async (query) => {
    await make('a');
    expect((await server.send('DELETE', `${CONFIG_MAPS}/a?${query}`)).status).toBe(200);
  });

  test('an empty one in the body does', async () => {
    await make('a');
    const { body } = await server.send('DELETE', `${CONFIG_MAPS}/a`, { preconditions: { uid: '' } });
    expect(body.message).toContain('the UID in the precondition () does not match the UID in record');
    await server.send('DELETE', `${CONFIG_MAPS}/a`);
  });
});

describe('a collection', () => {
  test.each(['abc', '-1', '1.5'])('at resource version %s', async (version) => {
    expect((await server.send('DELETE', `${CONFIG_MAPS}?resourceVersion=${version}`)).body).toMatchObject({
      code: 400,
      message: `invalid resource version: resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`,
    });
  });

  test('as it was then', async () => {
    const { body } = await make('a');
    await make('b');
    const answer = await server.send(
      'DELETE',
      `${CONFIG_MAPS}?resourceVersion=${body.metadata.resourceVersion}`,
    );
    expect(answer.body.items).toHaveLength(1);
    expect(await names()).toEqual(['b']);
  });

  test('no more than its limit', async () => {
    await make('a');
    expect((await server.send('DELETE', `${CONFIG_MAPS}?limit=1`)).body.items).toHaveLength(1);
    expect(await names()).toEqual(['b']);
  });
});
