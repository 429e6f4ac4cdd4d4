import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../worker/protocol.ts';
import { replaySteps } from './replay-steps.ts';

/** Trace events in order, one millisecond apart. */
function traceOf(...events: object[]): TraceEvent[] {
  return events.map(
    (event, index) => ({ v: 1, sequence: index + 1, time: 1000 + index, ...event }) as TraceEvent,
  );
}
const POD = '/registry/pods/default/web';
const received = (request: string, userAgent: string, method: string, path: string) => ({
  ...{ type: 'request-received', request, userAgent, method, path, verb: '' },
});

describe('replaySteps', () => {
  it('tells a request from its sender to etcd and back', () => {
    const steps = replaySteps(
      traceOf(
        received('r', 'kubectl/v1.36.4', 'POST', '/api/v1/namespaces/default/pods?fieldManager=x'),
        { type: 'authenticated', request: 'r', user: 'kubernetes-admin', groups: [], by: 'x509' },
        { type: 'admission', request: 'r', phase: 'mutating', plugin: 'ServiceAccount', patch: [] },
        { type: 'stored', request: 'r', operation: 'create', key: POD, before: 0, revision: 45 },
        { type: 'responded', request: 'r', status: 201 },
      ),
      44,
    );
    expect(steps.map(({ from, to, label, at }) => [from, to, label, at])).toEqual([
      ['client', 'apiserver', 'POST pods', 44],
      ['apiserver', 'apiserver', '인증: kubernetes-admin', 44],
      ['apiserver', 'etcd', `만듦 ${POD}`, 45],
      ['apiserver', 'client', '201', 45],
    ]);
    expect(steps[2]).toMatchObject({ key: POD, revision: 45, time: 3 });
  });

  it('tells a watcher of a write after the write', () => {
    const watch = { type: 'watch-event', event: 'ADDED', user: '', path: '', key: POD, revision: 45 };
    const steps = replaySteps(
      traceOf(
        { ...watch, userAgent: 'kube-scheduler/v1.36.4' },
        { ...watch, userAgent: 'kube-scheduler/v1.36.4' },
        { type: 'stored', request: 'r', operation: 'create', key: POD, before: 0, revision: 45 },
        { ...watch, event: 'BOOKMARK', userAgent: 'kubelet/v1.36.4' },
      ),
      44,
    );
    expect(steps.map(({ to, sequence }) => [to, sequence])).toEqual([
      ['etcd', 3],
      ['scheduler', 3],
    ]);
  });

  it('marks a refusal, and leaves out heartbeats, events and what components only read', () => {
    const steps = replaySteps(
      traceOf(
        received('a', 'kubelet/v1.36.4', 'GET', '/api/v1/nodes/node01'),
        {
          type: 'stored',
          operation: 'update',
          key: '/registry/leases/kube-node-lease/node01',
          before: 1,
          revision: 46,
        },
        { type: 'stored', operation: 'create', key: '/registry/events/default/x', before: 0, revision: 47 },
        received('r', 'kubectl/v1.36.4', 'POST', '/api/v1/namespaces/default/pods'),
        { type: 'authorization-failed', request: 'r', message: 'no' },
        { type: 'responded', request: 'r', status: 403, reason: 'Forbidden' },
      ),
      44,
    );
    expect(steps.map(({ label, refused }) => [label, refused ?? false])).toEqual([
      ['POST pods', false],
      ['인가 거부: no', true],
      ['403 Forbidden', true],
    ]);
  });

  it('leaves out the tokens that components ask for, but not that one was refused', () => {
    const token = (request: string) => ({
      ...received(
        request,
        'kubelet/v1.36.4',
        'POST',
        '/api/v1/namespaces/kube-system/serviceaccounts/x/token',
      ),
      object: { group: '', version: 'v1', resource: 'serviceaccounts', subresource: 'token' },
    });
    const steps = replaySteps(
      traceOf(
        token('a'),
        { type: 'responded', request: 'a', status: 201 },
        token('b'),
        { type: 'authorization-failed', request: 'b', message: 'no' },
        { type: 'responded', request: 'b', status: 403, reason: 'Forbidden' },
      ),
      44,
    );
    expect(steps.map(({ to, label }) => [to, label])).toEqual([
      ['apiserver', '인가 거부: no'],
      ['kubelet', '403 Forbidden'],
    ]);
  });

  it('is empty for nothing', () => {
    expect(replaySteps([], 5)).toEqual([]);
  });
});
