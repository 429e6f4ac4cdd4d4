import { beforeAll, describe, expect, test } from 'vitest';
import { BareApiServer } from '../../../../testing/bare-apiserver.ts';

const PODS = '/api/v1/namespaces/default/pods';
const server = new BareApiServer();

const pod = (name: string, nodeName?: string) =>
  server.send('POST', PODS, {
    metadata: { name },
    spec: { nodeName, automountServiceAccountToken: false, containers: [{ name: 'a', image: 'a' }] },
  });

beforeAll(async () => {
  await server.start();
  await server.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await pod('lost', 'gone');
  await pod('waiting');
  await server.send('POST', '/api/v1/nodes', { metadata: { name: 'n1' } });
  const { body } = await server.send('GET', '/api/v1/nodes/n1');
  const addresses = [{ type: 'InternalIP', address: '10.0.0.1' }];
  await server.send('PUT', '/api/v1/nodes/n1/status', { ...body, status: { addresses } });
  await pod('web', 'n1');
});

describe('a node that has no object', () => {
  test.each([
    ['GET', 'log'],
    ['POST', 'exec'],
    ['POST', 'attach?stdout=true'],
    ['POST', 'portforward'],
  ])('%s %s', async (method, what) => {
    const { body } = await server.send(method, `${PODS}/lost/${what}`);
    expect(body).toMatchObject({
      code: 404,
      message: 'pods "gone" not found',
      details: { kind: 'pods', name: 'gone' },
    });
  });
});

test.each(['exec?stdout=true', 'exec', 'attach?stdout=true', 'portforward'])(
  '%s without an upgrade is refused',
  async (what) => {
    const { body } = await server.send('POST', `${PODS}/web/${what}`);
    expect(body).toMatchObject({ code: 400, reason: 'BadRequest', message: 'Upgrade request required' });
  },
);

test.each(['exec?stdout=true', 'attach?stdout=true', 'portforward'])(
  '%s where no kubelet listens',
  async (what) => {
    const { body } = await server.send('POST', `${PODS}/web/${what}`, undefined, {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
    });
    expect(body).toMatchObject({
      code: 500,
      message: 'error dialing backend: dial tcp 10.0.0.1:10250: connect: connection refused',
    });
  },
);

const INVALID = 'PodLogOptions "waiting" is invalid:';

describe('options of a log', () => {
  test.each([
    ['tailLines=-1', 422, `${INVALID} tailLines: Invalid value: -1: must be greater than or equal to 0`],
    ['limitBytes=0', 422, `${INVALID} limitBytes: Invalid value: 0: must be greater than 0`],
    ['sinceSeconds=0', 422, `${INVALID} sinceSeconds: Invalid value: 0: must be greater than 0`],
    [
      'sinceSeconds=0&sinceTime=2026-01-01T00:00:00Z',
      422,
      `${INVALID} []: Forbidden: at most one of \`sinceTime\` or \`sinceSeconds\` may be specified`,
    ],
    ['tailLines=abc', 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    ['limitBytes=', 400, 'strconv.ParseInt: parsing "": invalid syntax'],
    ['sinceTime=2020', 400, 'parsing time "2020" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "-"'],
  ])('%s', async (query, code, message) => {
    expect((await server.send('GET', `${PODS}/waiting/log?${query}`)).body).toMatchObject({ code, message });
  });

  test('the kubelet is asked for what was read of them', async () => {
    const query = 'timestamps=false&tailLines=%2B5&previous=x&sinceTime=&limitBytes=7';
    expect((await server.send('GET', `${PODS}/web/log?${query}`)).body.message).toContain(
      'Get "https://10.0.0.1:10250/containerLogs/default/web/a?limitBytes=7&previous=true&tailLines=5": ',
    );
  });
});

test.each([
  ['abc', 'invalid syntax'],
  ['70000', 'value out of range'],
])('port %s', async (port, what) => {
  const { body } = await server.send('POST', `${PODS}/waiting/portforward?ports=${port}`);
  const message = `cannot convert to []int32: strconv.ParseUint: parsing "${port}": ${what}`;
  expect(body).toMatchObject({ code: 400, message });
});

test('a binding is of the pod that it names', async () => {
  const { uid } = (await server.send('GET', `${PODS}/waiting`)).body.metadata;
  const bind = (wanted: string) =>
    server.send('POST', `${PODS}/waiting/binding`, {
      metadata: { name: 'waiting', uid: wanted },
      target: { name: 'n1' },
    });
  expect((await bind('zz')).body).toMatchObject({
    code: 409,
    message: `Operation cannot be fulfilled on pods "waiting": StorageError: invalid object, Code: 4, Key: /registry/pods/default/waiting, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: zz, UID in object meta: ${uid}`,
  });
  expect((await bind(uid)).status).toBe(201);
});
