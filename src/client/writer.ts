import type { TraceEvent } from '../worker/protocol.ts';

/** The request that wrote a key. */
export interface Writer {
  readonly user: string;
  readonly agent: string;
  readonly method: string;
  readonly path: string;
}

/** Who made the write of `key` at `revision`; undefined if the trace does not say, as for what etcdctl wrote. */
export function writerOf(trace: readonly TraceEvent[], key: string, revision: number): Writer | undefined {
  const stored = trace.findLast(
    (event) => event.type === 'stored' && event.key === key && event.revision === revision,
  );
  if (stored?.request === undefined) return undefined;
  let user = '';
  let received: Extract<TraceEvent, { type: 'request-received' }> | undefined;
  for (const event of trace) {
    if (event.request !== stored.request) continue;
    if (event.type === 'request-received') received = event;
    else if (event.type === 'authenticated' || event.type === 'impersonated') user = event.user;
  }
  if (received === undefined) return undefined;
  return { user, agent: received.userAgent, method: received.method, path: received.path };
}
