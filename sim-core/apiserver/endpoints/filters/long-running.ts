import type { RequestInfo } from '../request-info.ts';

const VERBS: ReadonlySet<string> = new Set(['watch', 'proxy']);
const SUBRESOURCES: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/**
 * Requests that may go on for as long as they like: no deadline, no seat, no place among those in flight.
 * Models server/filters/longrunning.go BasicLongRunningRequestCheck with kube-apiserver's lists.
 */
export function isLongRunning({ isResourceRequest, verb, subresource }: RequestInfo): boolean {
  return VERBS.has(verb) || (isResourceRequest && SUBRESOURCES.has(subresource));
}
