import { expect, test } from 'vitest';
import { ConnectionError } from '../../apimachinery/http.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { TokenManager } from './token-manager.ts';

test('a token that cannot be renewed stays, and the next attempt is due later, not at once', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  let isDown = false;
  const transport = () => {
    if (isDown) return Promise.reject(new ConnectionError('refused', 'connection refused'));
    const status = { token: 't', expirationTimestamp: formatTime(clock.now() + 3_600_000) };
    return Promise.resolve({ status: 201, headers: {}, body: JSON.stringify({ status }) });
  };
  const tokens = new TokenManager(new RestClient({ host: '', userAgent: 'kubelet', transport }), clock);
  const pod = { metadata: { name: 'web', namespace: 'default', uid: 'u' }, spec: { containers: [] } };
  const first = await tokens.token(pod, undefined);
  await clock.advanceTo(first.refreshAt);
  isDown = true;
  const kept = await tokens.token(pod, undefined);
  expect(kept.text).toBe('t');
  expect(kept.refreshAt).toBeGreaterThan(clock.now());
});
