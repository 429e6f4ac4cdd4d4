import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { FakeApiServer } from '../../../testing/fake-api-server.ts';
import { settle } from '../../../testing/settle.ts';
import { RestClient } from '../../rest/client.ts';
import { COMPONENT_LEADER_ELECTION, LeaderElector } from './leader-elector.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler';

describe('LeaderElector', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let leading: string[];

  /** A candidate that notes when it leads, until its leadership ends. */
  const candidate = (identity: string, context: Context) => {
    const elector = new LeaderElector(
      new RestClient(server.config(identity)),
      clock,
      new Rand(identity),
      undefined,
      { ...COMPONENT_LEADER_ELECTION, name: 'kube-scheduler', identity },
    );
    return elector.run(context, (term) => {
      leading.push(identity);
      return new Promise((resolve) => {
        term.onCancel(() => {
          leading.splice(leading.indexOf(identity), 1);
          resolve();
        });
      });
    });
  };

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
    server = new FakeApiServer(clock);
    leading = [];
  });

  it('makes the lease and renews it every two seconds with one request', async () => {
    void candidate('a', new Context());
    await clock.settled();
    expect(leading).toEqual(['a']);
    expect(server.get(LEASE)!.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
    server.requests.length = 0;
    await clock.advance(6000);
    expect(server.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT']);
    expect(server.get(LEASE)!.spec).toMatchObject({
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:06.000000Z',
    });
  });

  it('lets another candidate lead when the holder is silent for the lease duration', async () => {
    const first = new Context();
    void candidate('a', first);
    await clock.settled();
    void candidate('b', new Context());
    await clock.advance(30_000);
    expect(leading).toEqual(['a']);
    first.cancel();
    await clock.advance(14_000);
    expect(leading).toEqual([]);
    await clock.advance(10_000);
    expect(leading).toEqual(['b']);
    expect(server.get(LEASE)!.spec.leaseTransitions).toBe(1);
  });

  it('stops leading when the lease cannot be renewed for the deadline', async () => {
    const running = candidate('a', new Context());
    await clock.settled();
    server.down = true;
    await clock.advance(9000);
    expect(leading).toEqual(['a']);
    await clock.advance(5000);
    expect(leading).toEqual([]);
    await running;
    expect(clock.nextTimer()).toBeUndefined();
  });
});
