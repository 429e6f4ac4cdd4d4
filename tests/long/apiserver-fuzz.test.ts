import { test } from 'vitest';
import { fuzzApiServer } from '../golden/fuzz/fuzz.ts';

test('ten thousand malformed requests', { timeout: 1_200_000 }, async () => {
  await fuzzApiServer(10_000, 20_261);
});
