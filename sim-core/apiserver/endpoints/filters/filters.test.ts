import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { RequestTraceEvent } from '../../../apimachinery/trace.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { readerOf } from '../../../testing/object-reader.ts';
import { settle } from '../../../testing/settle.ts';
import type { UserInfo } from '../../authentication/user.ts';
import { FlowController } from '../../flowcontrol/flow-controller.ts';
import { flowControlObjects } from '../../registry/flowcontrol/bootstrap.ts';
import { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { splitTarget } from '../query.ts';
import { requestInfoOf } from '../request-info.ts';
import type { Handler, ServerRequest } from '../request.ts';
import { withMaxInFlight } from './max-in-flight.ts';
import { withPriorityAndFairness } from './priority-and-fairness.ts';
import { withRequestDeadline } from './request-deadline.ts';

const OK: HttpResponse = { status: 200, headers: {}, body: 'ok' };
const JANE: UserInfo = { name: 'jane', groups: ['system:authenticated'] };
const MASTER: UserInfo = { name: 'root', groups: ['system:masters', 'system:authenticated'] };

const newClock = () => new VirtualClock({ start: Date.UTC(2026, 10, 23), settle });

function requestOf(clock: VirtualClock, method: string, target: string, user: UserInfo = JANE) {
  const { path, query } = splitTarget(target)!;
  const events: RequestTraceEvent[] = [];
  const request: ServerRequest = {
    http: { method, path: target, headers: {}, body: '' },
    path,
    query,
    info: requestInfoOf(method, path, query),
    id: 'id',
    receivedAt: clock.now(),
    user,
    warnings: [],
    responseHeaders: {},
    trace: (event) => events.push(event),
  };
  return { request, events };
}

/** A handler that answers when it is told to. */
function gate(): { handler: Handler; open: () => void; readonly started: number } {
  const waiting: (() => void)[] = [];
  let started = 0;
  return {
    handler: () => {
      started++;
      return new Promise((resolve) => waiting.push(() => resolve(OK)));
    },
    open: () => waiting.splice(0).forEach((answer) => answer()),
    get started() {
      return started;
    },
  };
}

describe('withPriorityAndFairness', () => {
  const objects = flowControlObjects().map((object, index): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, uid: `uid-${index}` },
  }));
  const uidOf = (name: string, kind: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name)!.metadata.uid;

  function newFilter(concurrency: number) {
    const clock = newClock();
    const metrics = new ApiServerMetrics();
    const reader = readerOf({
      flowschemas: objects.filter(({ kind }) => kind === 'FlowSchema'),
      prioritylevelconfigurations: objects.filter(({ kind }) => kind === 'PriorityLevelConfiguration'),
    });
    const controller = new FlowController(clock, { ...reader, revisionOf: () => 1 }, concurrency);
    const inner = gate();
    const handler = withPriorityAndFairness(inner.handler, controller, metrics);
    const metricsText = () =>
      metrics.text({
        startedAt: 0,
        version: 'v1.36.4',
        gitCommit: '',
        objectCounts: () => [],
        priorityLevels: () =>
          [...controller.levels()].map(({ name, seats }) => ({
            name,
            executing: seats?.executing ?? 0,
            waiting: seats?.waiting ?? 0,
            seats: seats?.config.seats ?? 0,
          })),
      });
    return { clock, inner, handler, metricsText };
  }

  test.each([
    { user: MASTER, target: '/api/v1/pods', schema: 'exempt', level: 'exempt' },
    { user: JANE, target: '/readyz', schema: 'probes', level: 'exempt' },
    { user: JANE, target: '/api/v1/pods', schema: 'global-default', level: 'global-default' },
    {
      user: { name: 'system:serviceaccount:a:b', groups: ['system:serviceaccounts', 'system:authenticated'] },
      target: '/api/v1/pods',
      schema: 'service-accounts',
      level: 'workload-low',
    },
    {
      user: { name: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] },
      target: '/api/v1/namespaces/a/pods/p',
      schema: 'system-nodes',
      level: 'system',
    },
  ])('$user.name $target is $schema', async ({ user, target, schema, level }) => {
    const { clock, inner, handler } = newFilter(600);
    const { request, events } = requestOf(clock, 'GET', target, user);
    const answer = handler(request);
    await settle();
    inner.open();
    await answer;
    expect(request.responseHeaders).toEqual({
      'x-kubernetes-pf-flowschema-uid': uidOf(schema, 'FlowSchema'),
      'x-kubernetes-pf-prioritylevel-uid': uidOf(level, 'PriorityLevelConfiguration'),
    });
    expect(events).toEqual([{ type: 'flow-control', flowSchema: schema, priorityLevel: level }]);
  });

  test('a full level answers 429, the exempt one never', async () => {
    const { clock, inner, handler, metricsText } = newFilter(1);
    const ask = (user?: UserInfo) => handler(requestOf(clock, 'GET', '/api/v1/pods', user).request);
    // One seat for global-default, and a hand of six queues of fifty.
    const answers = Array.from({ length: 310 }, () => ask());
    const exempt = Array.from({ length: 310 }, () => ask(MASTER));
    await settle();
    expect(inner.started).toBe(311);
    const refused = await Promise.race(answers.slice(301));
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8' },
      body: 'Too many requests, please try again later.\n',
    });
    expect(metricsText()).toContain(
      'apiserver_flowcontrol_rejected_requests_total{flow_schema="global-default",priority_level="global-default",reason="queue-full"} 9',
    );
    expect(metricsText()).toContain(
      'apiserver_flowcontrol_current_inqueue_requests{priority_level="global-default"} 300',
    );
    for (let turn = 0; turn < 302; turn++) {
      inner.open();
      await settle();
    }
    const statuses = (await Promise.all([...answers, ...exempt])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(611);
  });

  test('who waits too long is turned away', async () => {
    const { clock, handler } = newFilter(1);
    const ask = () => handler(requestOf(clock, 'GET', '/api/v1/pods').request);
    void ask();
    const late = ask();
    await clock.advance(15_000);
    expect((await late).status).toBe(429);
  });

  test('exec and logs take no seat', async () => {
    const { clock, inner, handler } = newFilter(1);
    const ask = (path: string) => handler(requestOf(clock, 'GET', path).request);
    void ask('/api/v1/pods');
    void ask('/api/v1/namespaces/a/pods/p/log');
    await settle();
    expect(inner.started).toBe(2);
  });
});

describe('withMaxInFlight', () => {
  test.each([
    { method: 'GET', target: '/api/v1/pods', limit: 2 },
    { method: 'POST', target: '/api/v1/namespaces/a/pods', limit: 1 },
  ])('$method: $limit at once, and system:masters besides', async ({ method, target, limit }) => {
    const clock = newClock();
    const inner = gate();
    const handler = withMaxInFlight(inner.handler, { readOnly: 2, mutating: 1 }, new ApiServerMetrics());
    const ask = (user?: UserInfo) => handler(requestOf(clock, method, target, user).request);
    const running = Array.from({ length: limit }, () => ask());
    expect((await ask()).status).toBe(429);
    void ask(MASTER);
    expect(inner.started).toBe(limit + 1);
    inner.open();
    await Promise.all(running);
    void ask();
    expect(inner.started).toBe(limit + 2);
  });
});

describe('withRequestDeadline', () => {
  const newFilter = () => {
    const clock = newClock();
    const inner = gate();
    const handler = withRequestDeadline(inner.handler, clock, 60_000, new ApiServerMetrics());
    const ask = (target: string) => handler(requestOf(clock, 'GET', target).request);
    return { clock, inner, ask };
  };

  test.each([
    { target: '/api/v1/pods', after: 60_000 },
    { target: '/api/v1/pods?timeout=5s', after: 5_000 },
    { target: '/api/v1/pods?timeout=2h', after: 60_000 },
  ])('$target ends after $after ms', async ({ target, after }) => {
    const { clock, ask } = newFilter();
    let status = 0;
    void ask(target).then((answer) => (status = answer.status));
    await clock.advance(after - 1);
    expect(status).toBe(0);
    await clock.advance(1);
    expect(status).toBe(504);
  });

  test('an earlier deadline comes first, a later one stays', async () => {
    const { clock, ask } = newFilter();
    const ended: string[] = [];
    void ask('/api/v1/pods').then(() => ended.push('late'));
    await clock.advance(1000);
    void ask('/api/v1/pods?timeout=1s').then(() => ended.push('early'));
    await clock.advance(1000);
    expect(ended).toEqual(['early']);
    await clock.advance(58_000);
    expect(ended).toEqual(['early', 'late']);
  });

  test('an answer in time is the answer, and no timer stays behind for long', async () => {
    const { clock, inner, ask } = newFilter();
    const answer = ask('/api/v1/pods');
    inner.open();
    expect((await answer).status).toBe(200);
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  test('a watch may go on', async () => {
    const { clock, inner, ask } = newFilter();
    const answer = ask('/api/v1/pods?watch=1');
    await clock.advance(120_000);
    inner.open();
    expect((await answer).status).toBe(200);
  });

  test('what is no duration is refused', async () => {
    const { ask } = newFilter();
    const { status, body } = await ask('/api/v1/pods?timeout=soon');
    expect([status, JSON.parse(body as string).message]).toEqual([
      400,
      'invalid timeout specified in the request URL - time: invalid duration "soon"',
    ]);
  });
});
