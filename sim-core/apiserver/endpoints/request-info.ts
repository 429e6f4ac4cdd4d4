import { FieldSelectorError, parseFieldSelector } from '../../apimachinery/fields/selector.ts';
import type { Query } from './query.ts';

/** What a request is about, read off its method and path. Models endpoints/request RequestInfo. */
export interface RequestInfo {
  readonly isResourceRequest: boolean;
  readonly path: string;
  /** "get", "list", "watch", "create", …; the method in lower case for anything but a resource. */
  readonly verb: string;
  /** "api" or "apis"; "" off the API. */
  readonly apiPrefix: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** All parts from the resource on, namespace left out: ["pods", "web", "log"]. */
  readonly parts: readonly string[];
}

/** A path of which nothing can be said; the message is upstream's. */
export class RequestInfoError extends Error {
  override readonly name = 'RequestInfoError';
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
/** Path segments that stand for a verb: the deprecated /api/v1/watch/…, and proxies. */
const SPECIAL_VERBS = ['proxy', 'watch'];
/** Subresources of a namespace that no resource name may hide. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/**
 * Models k8s.io/apiserver/pkg/endpoints/request/requestinfo.go NewRequestInfo. For example:
 *
 *     GET /api/v1/namespaces/a/pods/web/log   get    "" v1 pods/log  a  web
 *     GET /apis/apps/v1/deployments?watch=1   watch  apps v1 deployments
 *     GET /version                            get    no resource
 */
export function requestInfoOf(method: string, path: string, query: Query): RequestInfo {
  const info = {
    isResourceRequest: false,
    path,
    verb: method.toLowerCase(),
    apiPrefix: '',
    group: '',
    version: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    parts: [] as readonly string[],
  };
  let parts = path.replace(/^\/+|\/+$/g, '').split('/');
  if (parts.length < 3) return info;
  if (parts[0] !== 'api' && parts[0] !== 'apis') return info;
  info.apiPrefix = parts[0];
  parts = parts.slice(1);
  if (info.apiPrefix === 'apis') {
    if (parts.length < 3) return info;
    info.group = parts[0]!;
    parts = parts.slice(1);
  }
  info.isResourceRequest = true;
  info.version = parts[0]!;
  parts = parts.slice(1);
  if (SPECIAL_VERBS.includes(parts[0]!)) {
    if (parts.length < 2)
      throw new RequestInfoError(`unable to determine kind and namespace from url, ${path}`);
    info.verb = parts[0]!;
    parts = parts.slice(1);
  } else {
    info.verb = VERBS[method] ?? '';
  }
  if (parts[0] === 'namespaces') {
    if (parts.length > 1) {
      info.namespace = parts[1]!;
      if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.includes(parts[2]!)) parts = parts.slice(2);
    }
  }
  info.parts = parts;
  [info.resource = '', info.name = '', info.subresource = ''] = parts;
  if (info.name === '' && info.verb === 'get') {
    if (query.boolean('watch')) info.verb = 'watch';
    else info.verb = 'list';
    info.name = nameInSelector(query);
  }
  if (info.name === '' && info.verb === 'delete') info.verb = 'deletecollection';
  return info;
}

/** The name that a field selector asks for; authorization by name looks at it. */
function nameInSelector(query: Query): string {
  try {
    const name = parseFieldSelector(query.get('fieldSelector')).requiresExactMatch('metadata.name') ?? '';
    return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
  } catch (error) {
    if (error instanceof FieldSelectorError) return '';
    throw error;
  }
}
