import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf } from '../../../apimachinery/http.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ApiGroup } from '../../server/config.ts';
import type { MediaType } from '../handlers/negotiation.ts';
import { negotiate, negotiateUnrouted } from '../handlers/negotiation.ts';
import { respond } from '../handlers/response-writer.ts';
import { requireGet } from '../handlers/scope.ts';
import type { ServerRequest } from '../request.ts';
import { groupDiscoveryList } from './aggregated.ts';
import { resourceList } from './resource-list.ts';

/** What discovery shows; groups and resources may come and go with CustomResourceDefinitions. */
export interface DiscoverySource {
  groups(): readonly ApiGroup[];
  definitions(): readonly ResourceDefinition[];
  /** Host and port that clients inside of the cluster use: "172.30.1.2:6443". */
  readonly serverAddress: string;
}

/**
 * Answers /api, /apis, /api/v1, /apis/<group> and /apis/<group>/<version>; undefined for other paths.
 * Models k8s.io/apiserver/pkg/endpoints/discovery.
 */
export function discover(request: ServerRequest, source: DiscoverySource): HttpResponse | undefined {
  const body = answer(request, source);
  if (body === undefined) return undefined;
  // /apis and the groups below are the aggregator's own and answer any method.
  const isRouted = request.path.startsWith('/api/') || request.path === '/api' || 'resources' in body;
  if (isRouted) requireGet(request);
  const type = aggregatedVersion(request) !== undefined && 'items' in body ? body.apiVersion : undefined;
  const response = respond(
    request,
    200,
    JSON.stringify(body),
    type === undefined ? negotiateDiscovery(request, isRouted) : 'application/json',
  );
  if (type === undefined) return response;
  const [group, version] = (type as string).split('/');
  return {
    ...response,
    headers: {
      ...response.headers,
      'content-type': `application/json;g=${group};v=${version};as=APIGroupDiscoveryList`,
      vary: 'Accept',
    },
  };
}

function negotiateDiscovery(request: ServerRequest, isRouted: boolean): MediaType {
  return (isRouted ? negotiate(request, false) : negotiateUnrouted(request)).mediaType;
}

function answer(request: ServerRequest, source: DiscoverySource) {
  if (request.path.startsWith('//')) return undefined;
  const [prefix, group, version, ...rest] = request.path.replace(/^\/+|\/+$/g, '').split('/');
  if (rest.length > 0) return undefined;
  const groups = source.groups();
  const definitions = source.definitions();
  const aggregated = aggregatedVersion(request);
  if (prefix === 'api') {
    if (group === undefined) {
      if (aggregated !== undefined) {
        return groupDiscoveryList(
          groups.filter(({ name }) => name === ''),
          definitions,
          aggregated,
        );
      }
      return {
        kind: 'APIVersions',
        versions: groups.find(({ name }) => name === '')?.versions ?? [],
        serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: source.serverAddress }],
      };
    }
    return version === undefined && hasVersion(groups, '', group)
      ? resourceList({ group: '', version: group }, definitions)
      : undefined;
  }
  if (prefix !== 'apis') return undefined;
  const named = groups.filter(({ name }) => name !== '');
  if (group === undefined) {
    return aggregated === undefined
      ? { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map((item) => apiGroup(item)) }
      : groupDiscoveryList(named, definitions, aggregated);
  }
  if (version === undefined) {
    const found = named.find(({ name }) => name === group);
    return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) };
  }
  return hasVersion(named, group, version) ? resourceList({ group, version }, definitions) : undefined;
}

function hasVersion(groups: readonly ApiGroup[], group: string, version: string): boolean {
  return groups.some(({ name, versions }) => name === group && versions.includes(version));
}

function apiGroup({ name, versions }: ApiGroup) {
  const all = versions.map((version) => ({
    groupVersion: apiVersionOf({ group: name, version }),
    version,
  }));
  return { name, versions: all, preferredVersion: all[0] };
}

/** The version of the aggregated form that the client prefers, if it asks for one at all. */
function aggregatedVersion({ http }: ServerRequest): 'v2' | 'v2beta1' | undefined {
  for (const clause of (headerOf(http.headers, 'accept') ?? '').split(',')) {
    if (!clause.includes('as=APIGroupDiscoveryList') || !clause.includes('application/json')) continue;
    const version = /;\s*v=(v2beta1|v2)\b/.exec(clause)?.[1];
    if (version !== undefined) return version as 'v2' | 'v2beta1';
  }
  return undefined;
}
