import { expect, test } from 'vitest';
import { splitTarget } from './query.ts';
import { requestInfoOf } from './request-info.ts';

const cases: [method: string, target: string, want: string][] = [
  ['GET', '/api/v1/pods', 'list /v1 pods'],
  ['GET', '/api/v1/pods?watch=1', 'watch /v1 pods'],
  ['GET', '/api/v1/pods?watch=false', 'list /v1 pods'],
  ['GET', '/api/v1/namespaces/a/pods/web', 'get /v1 a pods web'],
  ['GET', '/api/v1/namespaces/a/pods/web?watch=1', 'get /v1 a pods web'],
  ['GET', '/api/v1/namespaces/a/pods/web/log', 'get /v1 a pods web log'],
  ['POST', '/apis/apps/v1/namespaces/a/deployments', 'create apps/v1 a deployments'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments', 'deletecollection apps/v1 a deployments'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments/web', 'delete apps/v1 a deployments web'],
  ['GET', '/api/v1/namespaces', 'list /v1 namespaces'],
  ['GET', '/api/v1/namespaces/a', 'get /v1 a namespaces a'],
  ['PUT', '/api/v1/namespaces/a/finalize', 'update /v1 a namespaces a finalize'],
  ['GET', '/api/v1/watch/namespaces/a/pods', 'watch /v1 a pods'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dweb', 'list /v1 pods web'],
  ['GET', '/version', 'get path'],
  ['POST', '/api/v1', 'post path'],
  ['GET', '/apis/apps/v1', 'get path'],
];

test.each(cases)('requestInfoOf %s %s', (method, target, want) => {
  const { path, query } = splitTarget(target)!;
  const info = requestInfoOf(method, path, query);
  const got = info.isResourceRequest
    ? [info.verb, `${info.group}/${info.version}`, info.namespace, info.resource, info.name, info.subresource]
    : [info.verb, 'path'];
  expect(got.filter((part) => part !== '').join(' ')).toBe(want);
});
