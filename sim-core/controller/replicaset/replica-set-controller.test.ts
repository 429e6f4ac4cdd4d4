import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { Context } from '../../clock/context.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { SharedInformerFactory } from '../../client-go/informers/factory.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import { FakeApiServer } from '../../testing/fake-api-server.ts';
import { settle } from '../../testing/settle.ts';
import { ReplicaSetController } from './replica-set-controller.ts';

const SETS = '/apis/apps/v1/namespaces/default/replicasets';
const PODS = '/api/v1/namespaces/default/pods';
const LABELS = { app: 'web' };

/** Counts how often the parts of each pod that comes by watch are read. */
class Looks {
  readonly counts = new Map<string, number>();

  readonly at = (object: KubeObject): KubeObject => {
    if (object.kind !== 'Pod') return object;
    const name = object.metadata.name!;
    const look = (part: string): unknown => {
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      return object[part];
    };
    // What is frozen must be shown as it is: the proxy stands for an empty object.
    return new Proxy({} as KubeObject, { get: (_, part) => look(String(part)) });
  };
}

const set = (replicas: number) => ({
  metadata: { name: 'web', uid: 'set', generation: 1 },
  spec: {
    replicas,
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [] } },
  },
});
const pod = (index: number) => ({
  kind: 'Pod',
  metadata: {
    name: `pod-${index}`,
    uid: `pod-${index}`,
    labels: LABELS,
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'set', controller: true },
    ],
  },
  spec: { containers: [], nodeName: 'node01' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

describe('ReplicaSetController', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let looks: Looks;
  let context: Context;

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.parse('2026-01-01T00:00:00Z'), settle });
    looks = new Looks();
    server = new FakeApiServer(clock, looks.at);
    context = new Context();
  });

  const start = async () => {
    const client = new RestClient(server.config('controller'));
    const factory = new SharedInformerFactory(client, clock, new Rand(1), 0);
    const informers = factory.scope();
    const rand = new Rand(2);
    const controller = new ReplicaSetController({ clock, rand, context, client, informers });
    void factory.run(context);
    await informers.synced(context);
    void controller.run();
    await clock.advance(0);
  };

  it.each([10, 1000])('looks at each of %d pods a few times in a sync', async (replicas) => {
    await start();
    for (let index = 0; index < replicas; index++) server.put(PODS, pod(index));
    await clock.advance(0);
    server.put(SETS, set(replicas));
    await clock.advance(0);
    expect(server.list(SETS)[0]!['status']).toMatchObject({ replicas, readyReplicas: replicas });
    looks.counts.clear();
    const written = server.list(SETS)[0]!;
    server.put(SETS, { ...written, metadata: { ...written.metadata, annotations: { look: 'again' } } });
    await clock.advance(0);
    expect(looks.counts.size).toBe(replicas);
    // Active (2), its controller and labels (2); its template's labels, ready and available (3).
    expect(Math.max(...looks.counts.values())).toBeLessThanOrEqual(7);
    context.cancel();
  });

  it('does not call it a failure that a namespace which is going takes no pods', async () => {
    server.put(SETS, set(1));
    server.intercept = ({ method, path }) => {
      if (method !== 'POST' || path !== PODS) return;
      const causes = [{ reason: 'NamespaceTerminating', message: '', field: 'metadata.namespace' }];
      throw new StatusError(403, 'Forbidden', 'the namespace is going', { causes });
    };
    await start();
    await clock.advance(10_000);
    expect(server.list(SETS)[0]!['status'].conditions).toBeUndefined();
    expect(server.requests.filter(({ method, path }) => method === 'POST' && path === PODS)).toHaveLength(1);
    context.cancel();
  });

  it('does not take a set for content whose status or pods are no longer as it left them', async () => {
    await start();
    for (let index = 0; index < 3; index++) server.put(PODS, pod(index));
    server.put(SETS, set(3));
    await clock.advance(0);
    const written = server.list(SETS)[0]!;
    const counted = { replicas: 3, readyReplicas: 3, availableReplicas: 3 };
    expect(written['status']).toMatchObject(counted);
    server.put(SETS, { ...written, status: { ...(written['status'] as object), readyReplicas: 1 } });
    await clock.advance(0);
    expect(server.list(SETS)[0]!['status']).toMatchObject(counted);
    server.put(PODS, { ...pod(0), status: { phase: 'Running' } });
    await clock.advance(0);
    expect(server.list(SETS)[0]!['status']).toMatchObject({ replicas: 3, readyReplicas: 2 });
    server.put(PODS, pod(0));
    await clock.advance(0);
    expect(server.list(SETS)[0]!['status']).toMatchObject(counted);
    context.cancel();
  });
});
