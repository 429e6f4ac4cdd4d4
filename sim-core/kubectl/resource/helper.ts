import type { KubeObject } from '../../apimachinery/object.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { PATCH_TYPES, type PatchType } from '../../client-go/rest/client.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import type { RestMapping } from './rest-mapper.ts';

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Path and query of an object or a collection; parameters in Go's order. */
export function objectPath(
  { group, version, resource }: Pick<RestMapping, 'group' | 'version' | 'resource'>,
  namespace: string,
  name: string | undefined,
  parameters: Parameters = {},
  subresource?: string,
): string {
  checkSegment('namespace', namespace);
  checkSegment('resource name', name ?? '');
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = [
    root,
    ...(namespace === '' ? [] : ['namespaces', encodeURIComponent(namespace)]),
    resource,
    ...(name === undefined || name === '' ? [] : [encodeURIComponent(name)]),
    ...(subresource ? [subresource] : []),
  ].join('/');
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value).replaceAll('%20', '+')}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** Without a name the request would be one on the whole collection. */
export function required(name: string): string {
  if (name === '') throw new Error('resource name may not be empty');
  return name;
}

/** Models k8s.io/client-go/rest Request.Name and Namespace. */
function checkSegment(what: string, segment: string): void {
  const wrong =
    segment === '.' || segment === '..'
      ? [`may not be '${segment}'`]
      : ['/', '%'].filter((one) => segment.includes(one)).map((one) => `may not contain '${one}'`);
  if (wrong.length > 0) throw new Error(`invalid ${what} ${JSON.stringify(segment)}: [${wrong.join(' ')}]`);
}

/**
 * Requests on the objects of one resource, as kubectl sends them. All reject with a StatusError or a
 * UrlError. Models cli-runtime resource.Helper.
 */
export class Helper {
  readonly #client: RestClient;
  readonly #mapping: RestMapping;

  constructor(client: RestClient, mapping: RestMapping) {
    this.#client = client;
    this.#mapping = mapping;
  }

  get(namespace: string, name: string, subresource?: string): Promise<KubeObject> {
    return this.#send('GET', objectPath(this.#mapping, namespace, required(name), {}, subresource));
  }

  list(namespace: string, parameters: Parameters = {}): Promise<KubeObject> {
    return this.#send('GET', objectPath(this.#mapping, namespace, undefined, parameters));
  }

  create(
    namespace: string,
    object: object,
    parameters: Parameters = {},
    name?: string,
    subresource?: string,
  ): Promise<KubeObject> {
    const path = objectPath(this.#mapping, namespace, name, parameters, subresource);
    return this.#send('POST', path, goJson(object));
  }

  replace(
    namespace: string,
    name: string,
    object: object,
    parameters: Parameters = {},
    subresource?: string,
  ): Promise<KubeObject> {
    const path = objectPath(this.#mapping, namespace, required(name), parameters, subresource);
    return this.#send('PUT', path, goJson(object));
  }

  patch(
    namespace: string,
    name: string,
    type: PatchType,
    patch: string,
    parameters: Parameters = {},
    subresource?: string,
  ): Promise<KubeObject> {
    const path = objectPath(this.#mapping, namespace, required(name), parameters, subresource);
    return this.#send('PATCH', path, patch, PATCH_TYPES[type]);
  }

  delete(namespace: string, name: string, options: object): Promise<KubeObject> {
    return this.#send(
      'DELETE',
      objectPath(this.#mapping, namespace, required(name)),
      JSON.stringify(options),
    );
  }

  async #send(
    method: string,
    path: string,
    body?: string,
    contentType = 'application/json',
  ): Promise<KubeObject> {
    const response = await this.#client.raw({
      method,
      path,
      ...(body !== undefined && { body, contentType }),
    });
    if (response.status >= 400 || typeof response.body !== 'string')
      throw errorOfResponse(response, { method, path });
    return JSON.parse(response.body) as KubeObject;
  }
}
