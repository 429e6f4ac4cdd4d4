import type { RestClient } from '../../client-go/rest/client.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';

/** A resource that the server serves. Models metav1.APIResource with its group and version. */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** The plural: "deployments". */
  readonly name: string;
  readonly singularName: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
}

/** What a server serves: groups in its order of preference, versions the preferred one first. */
export interface ServerResources {
  readonly groupVersions: readonly { readonly group: string; readonly version: string }[];
  readonly resources: readonly ApiResource[];
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

interface AggregatedResource {
  readonly resource: string;
  readonly singularResource?: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}
interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly resources?: readonly AggregatedResource[];
  }[];
}
interface LegacyResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly kind: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/**
 * Asks the server what it serves: two aggregated documents where it has them, else one document for
 * each group and version. Models k8s.io/client-go/discovery DiscoveryClient.
 */
export async function discover(client: RestClient): Promise<ServerResources> {
  const groupVersions: { group: string; version: string }[] = [];
  const resources: ApiResource[] = [];
  for (const path of ['/api', '/apis']) {
    const document = await getJson(client, `${path}?timeout=32s`, AGGREGATED);
    if (document.kind === 'APIGroupDiscoveryList') {
      for (const group of document.items as readonly AggregatedGroup[]) {
        for (const { version, resources: listed } of group.versions ?? []) {
          const groupVersion = { group: group.metadata?.name ?? '', version };
          groupVersions.push(groupVersion);
          for (const resource of listed ?? []) resources.push(fromAggregated(groupVersion, resource));
        }
      }
      continue;
    }
    for (const groupVersion of legacyGroupVersions(document)) {
      groupVersions.push(groupVersion);
      const { group, version } = groupVersion;
      const list = await getJson(client, `${path}/${group === '' ? '' : `${group}/`}${version}?timeout=32s`);
      resources.push(...fromLegacy(groupVersion, list.resources as readonly LegacyResource[]));
    }
  }
  return { groupVersions, resources };
}

async function getJson(client: RestClient, path: string, accept?: string): Promise<Record<string, unknown>> {
  const response = await client.raw({ method: 'GET', path, ...(accept !== undefined && { accept }) });
  if (response.status >= 400 || typeof response.body !== 'string') throw errorOfResponse(response);
  return JSON.parse(response.body) as Record<string, unknown>;
}

function legacyGroupVersions(document: Record<string, unknown>): { group: string; version: string }[] {
  if (document.kind === 'APIVersions') {
    return (document.versions as readonly string[]).map((version) => ({ group: '', version }));
  }
  const groups = (document.groups ?? []) as readonly {
    name: string;
    versions: readonly { version: string }[];
    preferredVersion?: { version: string };
  }[];
  return groups.flatMap(({ name, versions, preferredVersion }) => {
    const names = versions.map(({ version }) => version);
    const preferred = preferredVersion?.version ?? names[0];
    return [
      ...names.filter((version) => version === preferred),
      ...names.filter((version) => version !== preferred),
    ].map((version) => ({ group: name, version }));
  });
}

function fromAggregated(
  groupVersion: { group: string; version: string },
  resource: AggregatedResource,
): ApiResource {
  return {
    ...groupVersion,
    name: resource.resource,
    singularName: resource.singularResource ?? '',
    kind: resource.responseKind?.kind ?? '',
    namespaced: resource.scope === 'Namespaced',
    verbs: resource.verbs ?? [],
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
  };
}

function fromLegacy(
  groupVersion: { group: string; version: string },
  listed: readonly LegacyResource[],
): ApiResource[] {
  return listed
    .filter(({ name }) => !name.includes('/'))
    .map((resource) => ({
      ...groupVersion,
      name: resource.name,
      singularName: resource.singularName ?? '',
      kind: resource.kind,
      namespaced: resource.namespaced ?? false,
      verbs: resource.verbs ?? [],
      shortNames: resource.shortNames ?? [],
      categories: resource.categories ?? [],
      subresources: listed
        .filter(({ name }) => name.startsWith(`${resource.name}/`))
        .map(({ name }) => name.slice(resource.name.length + 1)),
    }));
}
