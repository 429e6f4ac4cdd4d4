import type { HttpResponse } from '../../apimachinery/http.ts';
import { ConnectionError } from '../../apimachinery/http.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/object.ts';
import type { Context } from '../../clock/context.ts';
import type { UserInfo } from '../authentication/user.ts';
import { respondText } from '../endpoints/handlers/response-writer.ts';
import type { ServerRequest } from '../endpoints/request.ts';
import type { GenericStore } from '../registry/generic/store.ts';
import type { RequestContext } from '../registry/rest/object-store.ts';
import type { ResourceDefinition, ResourceVerb } from '../registry/rest/resource.ts';
import type { ServerServices } from '../registry/rest/server-services.ts';
import { resolveService } from '../util/webhook/service-resolver.ts';
import type { RemoteApiService } from './aggregator.ts';

/** How often a server that was found well or unwell is asked again. */
const RECHECK_INTERVAL = 30_000;
const SERVICES = { group: '', resource: 'services' };
const ENDPOINTS = { group: '', resource: 'endpoints' };

interface Condition {
  readonly type: string;
  status: string;
  lastTransitionTime?: string | null;
  reason: string;
  message: string;
}
type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;
interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly ResourceVerb[];
}

const isAvailable = (service: KubeObject) =>
  ((service['status']?.conditions ?? []) as Condition[]).some(
    ({ type, status }) => type === 'Available' && status === 'True',
  );

/** Headers by which the other server knows who asks. Models transport.SetAuthProxyHeaders. */
function proxyHeaders({ name, groups, extra = {} }: UserInfo): Record<string, string | readonly string[]> {
  return {
    'x-remote-user': name,
    ...(groups.length > 0 && { 'x-remote-group': groups.length === 1 ? groups[0]! : groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `x-remote-extra-${encodeURIComponent(key).toLowerCase()}`,
        values.length === 1 ? values[0]! : values,
      ]),
    ),
  };
}

const unavailable = () => respondText(503, 'service unavailable\n');

/** Brings a request to the server of its group. Models handler_proxy.go. */
export async function proxy(
  request: ServerRequest,
  service: RemoteApiService,
  services: ServerServices,
): Promise<HttpResponse> {
  if (!isAvailable(service)) return unavailable();
  const { namespace, name, port } = service.spec.service;
  try {
    const target = await resolveService(services.reader, namespace, name, port);
    const transport = services.dial?.(target.host, target.port);
    if (transport === undefined) return unavailable();
    const { authorization: _token, ...headers } = request.http.headers;
    return await transport({ ...request.http, headers: { ...headers, ...proxyHeaders(request.user) } });
  } catch (error) {
    if (error instanceof ConnectionError) return respondText(503, `${error.message}\n`);
    return unavailable();
  }
}

interface RemoteParts {
  readonly services: ServerServices;
  readonly store: GenericStore;
  readonly context: Context;
  current(): readonly RemoteApiService[];
  requestContext(): RequestContext;
}

/** Asks the other servers what they serve, and writes down who answers. Models available_controller.go. */
export class RemoteApiServices {
  readonly #parts: RemoteParts;
  readonly #definitions = new Map<string, readonly ResourceDefinition[]>();

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    void this.#checkAgain();
  }

  async #checkAgain(): Promise<void> {
    const { services, context } = this.#parts;
    while (!context.cancelled) {
      await services.clock.sleep(RECHECK_INTERVAL, { context, periodic: true });
      for (const { metadata } of this.#parts.current()) await this.check(metadata.name!);
    }
  }

  definitionsOf(name: string): readonly ResourceDefinition[] {
    return this.#definitions.get(name) ?? [];
  }

  forget(name: string): void {
    this.#definitions.delete(name);
  }

  /** Looks whether the server behind an APIService answers; writes only what changed. */
  async check(name: string): Promise<void> {
    const service = this.#parts.current().find(({ metadata }) => metadata.name === name);
    if (service === undefined) return;
    const verdict = await this.#verdict(service);
    const before = ((service['status']?.conditions ?? []) as Condition[]).find(
      ({ type }) => type === 'Available',
    );
    const same =
      before?.status === verdict.status &&
      before.reason === verdict.reason &&
      before.message === verdict.message;
    if (same) return;
    const now = formatTime(this.#parts.services.clock.now());
    await this.#parts.store.guaranteedUpdate(
      name,
      (current) => {
        const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now;
        const condition = { type: 'Available', lastTransitionTime, ...verdict };
        const others = ((current['status']?.conditions ?? []) as Condition[]).filter(
          ({ type }) => type !== 'Available',
        );
        current['status'] = { ...current['status'], conditions: [...others, condition] };
        return current;
      },
      this.#parts.requestContext(),
    );
  }

  async #verdict({ metadata, spec }: RemoteApiService): Promise<Verdict> {
    const { reader } = this.#parts.services;
    const { namespace, name, port } = spec.service;
    const shown = `service/${name} in ${JSON.stringify(namespace)}`;
    const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
    const service = await reader.get(SERVICES, namespace, name);
    if (service === undefined) return no('ServiceNotFound', `${shown} is not present`);
    if (service['spec'].type === 'ClusterIP') {
      const ports = (service['spec'].ports ?? []) as { name?: string; port: number }[];
      const found = ports.find((known) => known.port === port);
      if (found === undefined) return no('ServicePortError', `${shown} is not listening on port ${port}`);
      const endpoints = await reader.get(ENDPOINTS, namespace, name);
      if (endpoints === undefined) {
        return no('EndpointsNotFound', `cannot find endpoints for ${shown}`);
      }
      const subsets = (endpoints['subsets'] ?? []) as {
        addresses?: object[];
        ports?: { name?: string }[];
      }[];
      const active = subsets.some(
        (subset) =>
          subset.addresses?.length &&
          subset.ports?.some((known) => (known.name ?? '') === (found.name ?? '')),
      );
      if (!active) {
        const portName = JSON.stringify(found.name ?? '');
        return no('MissingEndpoints', `endpoints for ${shown} have no addresses with port name ${portName}`);
      }
    }
    const failure = await this.#discover(metadata.name!, spec);
    return failure === undefined
      ? { status: 'True', reason: 'Passed', message: 'all checks passed' }
      : no('FailedDiscoveryCheck', failure);
  }

  /** Keeps what the server says that it serves; gives the reason if it does not answer. */
  async #discover(
    name: string,
    { group, version, service }: RemoteApiService['spec'],
  ): Promise<string | undefined> {
    const { reader, dial } = this.#parts.services;
    const path = `/apis/${group}/${version}`;
    try {
      const target = await resolveService(reader, service.namespace, service.name, service.port);
      const url = `https://${target.host}:${target.port}${path}`;
      const transport = dial?.(target.host, target.port);
      const failing = (text: string) => `failing or missing response from ${url}: ${text}`;
      const refused = `dial tcp ${target.host}:${target.port}: connect: connection refused`;
      if (transport === undefined) return failing(`Get "${url}": ${refused}`);
      try {
        const { status, body } = await transport({
          method: 'GET',
          path,
          headers: proxyHeaders({ name: 'system:kube-aggregator', groups: ['system:masters'] }),
          body: '',
        });
        if (status < 200 || status > 299) return failing(`bad status from ${url}: ${status}`);
        this.#definitions.set(name, definitionsIn(typeof body === 'string' ? body : '', group, version));
        return undefined;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        return failing(`Get "${url}": ${error.reason === 'refused' ? refused : error.message}`);
      }
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** An APIResourceList as rows that discovery can show; none for what is no such list. */
function definitionsIn(text: string, group: string, version: string): ResourceDefinition[] {
  let resources: readonly ApiResource[];
  try {
    resources = (JSON.parse(text) as { resources?: readonly ApiResource[] }).resources ?? [];
  } catch {
    return [];
  }
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, singularName, namespaced, verbs, shortNames, categories }) => ({
      group,
      version,
      kind,
      resource: name,
      singular: singularName || kind.toLowerCase(),
      namespaced: namespaced ?? false,
      storagePrefix: '',
      schema: '',
      strategy: {},
      ...(verbs !== undefined && { verbs }),
      ...(shortNames !== undefined && { shortNames }),
      ...(categories !== undefined && { categories }),
    }));
}
