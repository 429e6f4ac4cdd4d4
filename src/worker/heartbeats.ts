import { LAB_USER_AGENT } from './protocol.ts';
import type { TraceEvent } from './protocol.ts';

const OWN = new RegExp(`^(?:kubectl|curl|${LAB_USER_AGENT.split('/')[0]})/`);
const LEASE_KEYS = /^\/registry\/(?:leases|masterleases)\//;

/**
 * Keeps what is no news out of a trace: the leases that components renew, the plugins that looked at their objects
 * and changed nothing, and that components of a saved cluster go on, who have run all the time to the reader. A page
 * that is open for hours grows by what happens alone.
 */
export class HeartbeatFilter {
  /** Requests that were begun and not answered, by what they are. */
  readonly #open = new Map<string, 'own' | 'component' | 'heartbeat'>();

  /** Components that were seen to stop: "kubelet node01". */
  readonly #stopped = new Set<string>();

  /** The part of `trace`, which goes on where the last one ended, that is news. */
  news(trace: readonly TraceEvent[]): TraceEvent[] {
    return trace.filter((event) => this.#isNews(event));
  }

  #isNews(event: TraceEvent): boolean {
    if (event.type === 'watch-event') return !LEASE_KEYS.test(event.key);
    if (event.type === 'component') {
      const component = `${event.component} ${event.node}`;
      if (event.state === 'started') return this.#stopped.delete(component);
      this.#stopped.add(component);
      return true;
    }
    if (event.request === undefined) return true;
    if (event.type === 'request-received') {
      const own = OWN.test(event.userAgent);
      const heartbeat = !own && event.object?.resource === 'leases';
      this.#open.set(event.request, own ? 'own' : heartbeat ? 'heartbeat' : 'component');
    }
    const origin = this.#open.get(event.request);
    if (event.type === 'responded') this.#open.delete(event.request);
    if (origin === 'heartbeat') return false;
    return origin === 'own' || event.type !== 'admission' || event.patch.length > 0;
  }
}
