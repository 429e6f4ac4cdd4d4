import { expect, test } from 'vitest';
import { MAX_REQUEST_BODY_BYTES } from '../../../apimachinery/http.ts';
import type { ServerRequest } from '../request.ts';
import { Query } from '../query.ts';
import { withBodyLimit } from './body-limit.ts';

const handler = withBodyLimit(() => Promise.resolve({ status: 200, headers: {}, body: '' }));
const statusOf = async (body: string) => {
  const http = { method: 'POST', path: '/', headers: {}, body };
  const request = { http, query: new Query(''), warnings: [] } as Partial<ServerRequest> as ServerRequest;
  return (await handler(request)).status;
};

test.each([
  { name: 'at the limit', body: 'a'.repeat(MAX_REQUEST_BODY_BYTES), want: 200 },
  { name: 'one byte more', body: 'a'.repeat(MAX_REQUEST_BODY_BYTES + 1), want: 413 },
  { name: 'three bytes a character', body: '가'.repeat(MAX_REQUEST_BODY_BYTES / 3), want: 200 },
  { name: 'three bytes a character and one', body: `${'가'.repeat(MAX_REQUEST_BODY_BYTES / 3)}a`, want: 413 },
  { name: 'four bytes a character', body: '😀'.repeat(MAX_REQUEST_BODY_BYTES / 4), want: 200 },
  { name: 'four bytes a character and one', body: `${'😀'.repeat(MAX_REQUEST_BODY_BYTES / 4)}a`, want: 413 },
])('withBodyLimit: $name gets $want', async ({ body, want }) => {
  expect(await statusOf(body)).toBe(want);
});
