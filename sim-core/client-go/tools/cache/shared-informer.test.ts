import type { Pod } from 'kubernetes-types/core/v1';
import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { FakeApiServer } from '../../../testing/fake-api-server.ts';
import { settle } from '../../../testing/settle.ts';
import { RESOURCES } from '../../kubernetes/resources.ts';
import { RestClient } from '../../rest/client.ts';
import { SharedInformer } from './shared-informer.ts';

const PODS = '/api/v1/namespaces/default/pods';
const pod = (name: string, spec: object = {}) => ({ metadata: { name }, spec });

describe('SharedInformer', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let context: Context;
  let informer: SharedInformer<Pod>;
  let seen: string[];

  beforeEach(() => {
    clock = new VirtualClock({ start: 0, settle });
    server = new FakeApiServer(clock);
    context = new Context();
    seen = [];
    informer = new SharedInformer<Pod>(new RestClient(server.config('test')), clock, new Rand(1), {
      resource: RESOURCES.pods,
    });
    informer.addHandler({
      onAdd: (object) => seen.push(`add ${object.metadata!.name}`),
      onUpdate: (old, object) => seen.push(`update ${old.spec?.nodeName} → ${object.spec?.nodeName}`),
      onDelete: (object) => seen.push(`delete ${object.metadata!.name}`),
    });
  });

  it('tells its handlers of the list and then of each change, and keeps the store', async () => {
    server.put(PODS, pod('a'));
    void informer.run(context);
    await informer.synced(context);
    server.put(PODS, pod('b'));
    server.put(PODS, pod('a', { nodeName: 'node01' }));
    server.remove(`${PODS}/b`);
    await clock.settled();
    expect(seen).toEqual(['add a', 'add b', 'update undefined → node01', 'delete b']);
    expect(informer.lister.get('default', 'a')?.spec?.nodeName).toBe('node01');
    expect(informer.lister.get('default', 'b')).toBeUndefined();
  });

  it('lists again when its revision is too old, and reports only what differs', async () => {
    server.put(PODS, pod('a'));
    server.put(PODS, pod('b'));
    void informer.run(context);
    await clock.settled();
    server.down = true;
    server.breakWatches();
    server.remove(`${PODS}/b`);
    server.put(PODS, pod('c'));
    server.compact();
    server.down = false;
    await clock.advance(5000);
    expect(seen).toEqual(['add a', 'add b', 'delete b', 'add c']);
    expect(server.openWatches).toBe(1);
  });

  it('backs off while nobody answers, without keeping the cluster from being quiet', async () => {
    server.down = true;
    void informer.run(context);
    await clock.settled();
    expect(clock.quiet).toBe(true);
    expect(informer.hasSynced).toBe(false);
    server.down = false;
    await clock.advance(60_000);
    expect(informer.hasSynced).toBe(true);
  });

  it('leaves no timer and no watch when its context is cancelled', async () => {
    const running = informer.run(context);
    await clock.settled();
    context.cancel();
    await running;
    expect(server.openWatches).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('finds objects by an index', async () => {
    informer.addIndex('node', (object) => [object.spec?.nodeName ?? '']);
    server.put(PODS, pod('a', { nodeName: 'node01' }));
    server.put(PODS, pod('b', { nodeName: 'node02' }));
    void informer.run(context);
    await clock.settled();
    server.put(PODS, pod('b', { nodeName: 'node01' }));
    await clock.settled();
    expect(informer.lister.byIndex('node', 'node01').map((object) => object.metadata!.name)).toEqual([
      'a',
      'b',
    ]);
    expect(informer.lister.byIndex('node', 'node02')).toEqual([]);
  });
});
