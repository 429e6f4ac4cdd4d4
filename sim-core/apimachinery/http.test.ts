import { expect, test } from 'vitest';
import type { HttpResponse } from './http.ts';
import { JsonResponse, streamOf, withHeaders } from './http.ts';

test('a JSON answer is written once, when somebody reads it', () => {
  let written = 0;
  const object = { kind: 'Pod' };
  const response = withHeaders(
    new JsonResponse(200, {}, object, () => {
      written++;
      return JSON.stringify(object);
    }),
    { 'audit-id': '1' },
  );
  expect(streamOf(response)).toBeUndefined();
  expect(response).toMatchObject({ status: 200, headers: { 'audit-id': '1' }, json: object });
  expect(written).toBe(0);
  expect([response.body, response.body]).toEqual(['{"kind":"Pod"}', '{"kind":"Pod"}']);
  expect(written).toBe(1);
});

test('other answers keep all that they have', () => {
  const text: HttpResponse = { status: 200, headers: { a: '1' }, body: 'ok' };
  expect(withHeaders(text, { b: '2' })).toEqual({ status: 200, headers: { b: '2' }, body: 'ok' });
  expect(streamOf(text)).toBeUndefined();
  const body = { cancel: () => {}, async *[Symbol.asyncIterator]() {} };
  expect(streamOf({ status: 200, headers: {}, body })).toBe(body);
});
