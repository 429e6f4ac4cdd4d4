import type { Endpoints, Node, Pod, Service } from 'kubernetes-types/core/v1';
import type { HttpRequest, HttpResponse, HttpTransport } from '../../../apimachinery/http.ts';
import { ConnectionError, headerOf } from '../../../apimachinery/http.ts';
import type { JsonObject } from '../../../apimachinery/object.ts';
import { badRequestError, StatusError } from '../../../apimachinery/status.ts';
import type { Connection, SubresourceContext } from '../rest/subresource.ts';
import { addressOf, kubeletPortOf } from './node/kubelet-location.ts';

const ENDPOINTS = { group: '', resource: 'endpoints' };

/** Whom a request goes to. */
interface Location {
  /** "10.244.1.3:8080", for messages. */
  readonly shown: string;
  readonly transport: HttpTransport | undefined;
}

/** "web", "web:8080" or "https:web:443". Models util/net SplitSchemeNamePort. */
function named(kind: string, id: string): { readonly name: string; readonly port: string } {
  const match = /^(?:(?:https?)?:(?=[^:]+:[^:]*$))?([^:]+)(?::([^:]*))?$/.exec(id);
  if (match === null) throw badRequestError(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { name: match[1]!, port: match[2] ?? '' };
}

/** …/pods/web:8080/proxy/path. Models pkg/registry/core/pod ResourceLocation. */
async function podLocation(id: string, context: SubresourceContext): Promise<Location> {
  const { name, port } = named('pod', id);
  const { spec, status } = (await context.store.get(name, context)) as unknown as Pod;
  const first = spec?.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  return locationOf(context, status?.podIPs?.[0]?.ip ?? status?.podIP, port || String(first ?? ''));
}

/** …/services/web:http/proxy/path: one of those behind the service. Models core/service/storage ResourceLocation. */
async function serviceLocation(id: string, context: SubresourceContext): Promise<Location> {
  const parts = named('service', id);
  const { name } = parts;
  let { port } = parts;
  const { spec } = (await context.store.get(name, context)) as unknown as Service;
  if (/^[+-]?\d+$/.test(port)) {
    const found = spec?.ports?.find((known) => known.port === Number(port));
    if (found === undefined) {
      throw unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
    }
    port = found.name ?? '';
  }
  const endpoints = await context.services.registry.storeFor(ENDPOINTS).get(name, context);
  const { subsets = [] } = endpoints as unknown as Endpoints;
  if (subsets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const { rand } = context.services;
  const start = rand.int(subsets.length);
  for (let index = 0; index < subsets.length; index++) {
    const { addresses = [], ports = [] } = subsets[(start + index) % subsets.length]!;
    const target = ports.find((known) => (known.name ?? '') === port);
    if (target === undefined || addresses.length === 0) continue;
    return locationOf(context, addresses[rand.int(addresses.length)]!.ip, String(target.port));
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(id)}`);
}

/** …/nodes/node01/proxy/metrics: its kubelet, or another port. Models core/node ResourceLocation. */
async function nodeLocation(id: string, context: SubresourceContext): Promise<Location> {
  const { name, port } = named('node', id);
  const node = (await context.store.get(name, context)) as unknown as Node;
  const host = addressOf(node);
  const kubeletPort = kubeletPortOf(node);
  if (port !== '' && port !== String(kubeletPort)) return locationOf(context, host, port);
  const transport = context.services.kubeletTransport?.(host, kubeletPort);
  return { shown: `${host}:${kubeletPort}`, transport };
}

/** Neither this machine nor its links. Models util/proxy IsProxyableIP. */
function locationOf({ services }: SubresourceContext, ip: string | undefined, port: string): Location {
  if (!ip) throw badRequestError('address not allowed');
  if (/^(127\.|169\.254\.|0\.|22[4-9]\.|23\d\.)/.test(ip)) throw badRequestError('address not allowed');
  const number = Number(port || 80);
  return { shown: `${ip}:${number}`, transport: services.dial?.(ip, number) };
}

const unavailable = (message: string) => new StatusError(503, 'ServiceUnavailable', message);

const proxyTo = (locate: (id: string, context: SubresourceContext) => Promise<Location>): Connection => ({
  options: (_context, path): JsonObject => (path === '' ? {} : { path }),
  async connect(request, _path, context) {
    return forward(request, await locate(context.name, context));
  },
});

export const podProxy = proxyTo(podLocation);
export const serviceProxy = proxyTo(serviceLocation);
export const nodeProxy = proxyTo(nodeLocation);

/** Models k8s.io/apimachinery/pkg/util/proxy UpgradeAwareHandler and Transport. */
async function forward(request: HttpRequest, { shown, transport }: Location): Promise<HttpResponse> {
  const [place = '', ...rest] = request.path.split('?');
  const query = rest.length > 0 ? `?${rest.join('?')}` : '';
  const at = place.indexOf('/proxy', prefixEnd(place)) + '/proxy'.length;
  const [prefix, path] = [place.slice(0, at), place.slice(at)];
  if (path === '' && ['GET', 'HEAD'].includes(request.method)) {
    return { status: 301, headers: { location: `${place}/${query}` }, body: '' };
  }
  const { authorization: _token, ...headers } = request.headers;
  const failed = (why: string) => unavailable(`error trying to reach service: ${why}`);
  if (transport === undefined) throw failed(`dial tcp ${shown}: connect: connection refused`);
  try {
    const response = await transport({
      method: request.method,
      path: (path || '/') + query,
      headers: { ...headers, 'x-forwarded-uri': prefix + path },
      body: request.body,
    });
    return rewritten(response, prefix);
  } catch (error) {
    if (error instanceof ConnectionError) throw failed(error.message);
    throw error;
  }
}

/** Where the object's name ends: it may be "proxy" itself. */
function prefixEnd(path: string): number {
  const match = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:pods|services|nodes)\/[^/]+/.exec(path);
  return match?.[0].length ?? 0;
}

/** Links to the root of the server behind lead through us. */
function rewritten(response: HttpResponse, prefix: string): HttpResponse {
  const { status, headers, body } = response;
  const location = headerOf(headers, 'location');
  if (location !== undefined && location !== '') {
    return { ...response, headers: { ...headers, location: rewrittenLink(location, prefix) } };
  }
  const isPage = (headerOf(headers, 'content-type') ?? '').split(';')[0]!.trim() === 'text/html';
  if (!isPage || typeof body !== 'string') return response;
  const page = body.replaceAll(
    /(\s(?:action|background|cite|classid|codebase|data|formaction|href|icon|longdesc|manifest|poster|profile|src|usemap)=)(["'])(.*?)\2/gi,
    (_all, attribute: string, quote: string, link: string) =>
      `${attribute}${quote}${rewrittenLink(link, prefix)}${quote}`,
  );
  const { 'content-length': length, ...others } = headers;
  return {
    status,
    headers: length === undefined ? headers : { ...others, 'content-length': String(page.length) },
    body: page,
  };
}

const rewrittenLink = (link: string, prefix: string) =>
  link.startsWith('/') && !link.startsWith('//') && !link.startsWith(prefix) ? prefix + link : link;
