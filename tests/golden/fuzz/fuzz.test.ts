import { test } from 'vitest';
import { fuzzApiServer } from './fuzz.ts';

test('malformed requests get a Status and leave nothing half-done', { timeout: 120_000 }, async () => {
  await fuzzApiServer(400, 1);
});
