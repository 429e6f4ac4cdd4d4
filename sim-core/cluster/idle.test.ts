import { expect, test, vi } from 'vitest';
import { openLab } from '../testing/lab.ts';
import { settle } from '../testing/settle.ts';

const MINUTES = 10;
const NODES = 3;
/** kube-controller-manager and kube-scheduler. */
const LEADERS = 2;

// How long an idle hour takes is how much is done in it: this counts.
test('an idle cluster does what a real one does, and nothing beside it', async () => {
  let turns = 0;
  const lab = await openLab({
    settle: () => {
      turns++;
      return settle();
    },
  });
  await lab.pass(60);
  const requests = new Map<string, number>();
  lab.cluster.onTrace((event) => {
    if (event.type !== 'request-received') return;
    const path = event.path.split('?')[0]!;
    const what = path.includes('/leases/') ? 'leases' : path.endsWith('/status') ? 'status' : 'others';
    requests.set(what, (requests.get(what) ?? 0) + 1);
  });
  const parse = vi.spyOn(JSON, 'parse');
  turns = 0;
  await lab.pass(MINUTES * 60);

  // Nodes renew every 10 s, leaders every 2 s; a node says how it is every 5 minutes.
  const renewals = (NODES * 6 + LEADERS * 30) * MINUTES;
  expect(requests.get('leases')).toBeGreaterThanOrEqual(renewals - NODES - LEADERS);
  expect(requests.get('leases')).toBeLessThanOrEqual(renewals + NODES + LEADERS);
  expect(requests.get('status')).toBe((NODES * MINUTES) / 5);
  // Watches that end in their time.
  expect(requests.get('others') ?? 0).toBeLessThan(MINUTES);
  // A text is read by the server, its answer by the client, and the change once by those who watch.
  expect(parse.mock.calls.length / renewals).toBeLessThan(3.2);
  // Each time that simulated time moves costs a turn of the host's event loop.
  expect(turns / renewals).toBeLessThan(2.1);
  parse.mockRestore();
});
