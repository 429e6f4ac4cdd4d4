import type { GroupVersionKind, GroupVersionResource } from '../../apimachinery/object.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { errorOfResponse } from '../rest/response-error.ts';
import type { RestClient } from '../rest/client.ts';

/** A resource as discovery describes it. */
export interface DiscoveredResource extends GroupVersionResource, GroupVersionKind {
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface ApiGroupList {
  readonly groups: readonly {
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}
interface ApiResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

/**
 * Every resource of every group's preferred version, subresources left out. A group that does not
 * answer is left out. Rejects if the list of groups cannot be had.
 *
 * Models k8s.io/client-go/discovery ServerPreferredResources.
 */
export async function serverPreferredResources(client: RestClient): Promise<DiscoveredResource[]> {
  const { groups } = await get<ApiGroupList>(client, '/apis');
  const versions = ['v1', ...groups.map((group) => group.preferredVersion.groupVersion)];
  const lists = await Promise.all(versions.map((version) => resourcesOf(client, version)));
  return lists.flat();
}

async function resourcesOf(client: RestClient, apiVersion: string): Promise<DiscoveredResource[]> {
  const groupVersion = parseApiVersion(apiVersion);
  const path = groupVersion.group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  let list: ApiResourceList;
  try {
    list = await get<ApiResourceList>(client, path);
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
  return list.resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      ...groupVersion,
      resource: name,
      kind,
      namespaced,
      verbs,
    }));
}

async function get<T>(client: RestClient, path: string): Promise<T> {
  const response = await client.raw({ method: 'GET', path });
  if (response.status >= 400) throw errorOfResponse(response);
  if (typeof response.body !== 'string') throw new Error(`GET ${path}: the server answered with a stream`);
  return JSON.parse(response.body) as T;
}
