import type { Pod } from 'kubernetes-types/core/v1';
import { beforeEach, describe, expect, it } from 'vitest';
import { expiredError } from '../../../apimachinery/status.ts';
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

  it('lists the newest at once when its revision is too old to list', async () => {
    server.put(PODS, pod('a'));
    const old = new SharedInformer<Pod>(new RestClient(server.config('old')), clock, new Rand(1), {
      resource: RESOURCES.pods,
    });
    const lists: string[] = [];
    server.intercept = ({ path }) => {
      if (path.includes('watch=true')) return;
      lists.push(path);
      if (lists.length === 1) throw expiredError('The provided resource version is too old.');
    };
    void old.run(context);
    await clock.settled();
    expect(lists).toEqual(['/api/v1/pods?resourceVersion=0', '/api/v1/pods?resourceVersion=']);
    expect(old.lister.list().map(({ metadata }) => metadata!.name)).toEqual(['a']);
  });

  it('tells its handlers of everything again after each resync period, and is quiet meanwhile', async () => {
    const client = new RestClient(server.config('resync'));
    const what = { resource: RESOURCES.pods };
    const resyncing = new SharedInformer<Pod>(client, clock, new Rand(1), what, 60_000);
    const told: string[] = [];
    resyncing.addHandler({
      onUpdate: (old, object) => told.push(`${object.metadata!.name} ${old === object}`),
    });
    server.put(PODS, pod('a'));
    server.put(PODS, pod('b'));
    const running = resyncing.run(context);
    await clock.advance(59_000);
    expect(told).toEqual([]);
    expect(clock.quiet).toBe(true);
    await clock.advance(61_000);
    expect(told).toEqual(['a true', 'b true', 'a true', 'b true']);
    context.cancel();
    await running;
    expect(clock.pending).toBe(0);
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

  it('gives the same list of an index until one of its objects changes, comes or goes', async () => {
    const names = () => informer.lister.byIndex('node', 'node01').map((object) => object.metadata!.name);
    informer.addIndex('node', (object) => [object.spec?.nodeName ?? '']);
    server.put(PODS, pod('a', { nodeName: 'node01' }));
    void informer.run(context);
    await clock.settled();
    const first = informer.lister.byIndex('node', 'node01');
    server.put(PODS, pod('b', { nodeName: 'node02' }));
    await clock.settled();
    expect(informer.lister.byIndex('node', 'node01')).toBe(first);
    server.put(PODS, pod('a', { nodeName: 'node01', restartPolicy: 'Never' }));
    await clock.settled();
    expect(informer.lister.byIndex('node', 'node01')).not.toBe(first);
    expect(informer.lister.byIndex('node', 'node01')[0]!.spec).toMatchObject({ restartPolicy: 'Never' });
    server.put(PODS, pod('b', { nodeName: 'node01' }));
    await clock.settled();
    expect(names()).toEqual(['a', 'b']);
    server.put(PODS, pod('a', { nodeName: 'node02' }));
    await clock.settled();
    expect(names()).toEqual(['b']);
    expect(first.map((object) => object.metadata!.name)).toEqual(['a']);
  });
});
