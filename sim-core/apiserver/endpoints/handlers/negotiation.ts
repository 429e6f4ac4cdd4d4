import { headerOf } from '../../../apimachinery/http.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { ServerRequest } from '../request.ts';
import { parseAccept, routeAccepts } from './accept.ts';

/** What this server writes. Protobuf is offered in messages, as upstream does, but not served. */
export type MediaType = 'application/json' | 'application/yaml';

/** One of meta.k8s.io's views of an object. */
export interface View {
  readonly kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly apiVersion: string;
}

/** How the answer looks: as stored, or turned into a view. */
export interface Representation {
  readonly mediaType: MediaType;
  readonly view?: View;
}

type Views = boolean | 'metadata';

const JSON_AS_STORED: Representation = { mediaType: 'application/json' };

const SERVED: readonly MediaType[] = ['application/json', 'application/yaml'];
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const OBJECTS: readonly string[] = [...SERVED, PROTOBUF];
const STREAMS: readonly string[] = ['application/json;stream=watch', `${PROTOBUF};stream=watch`];
const VIEWS: readonly View['kind'][] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];

/** What the router's routes say that they produce. */
export const PRODUCES = {
  objects: OBJECTS,
  /** Of collections, which also serve watches. */
  lists: [...OBJECTS, ...STREAMS],
} as const;

/**
 * The representation that the client likes best among those that the server can give. Rejects with 406: as
 * the router words it if the route produces nothing of the kind, else as the handlers do.
 *
 * `views`: whether Table and PartialObjectMetadata make sense here, or the latter alone.
 */
export function negotiate(
  request: ServerRequest,
  views: Views,
  produces: readonly string[] = PRODUCES.objects,
): Representation {
  const header = acceptOf(request);
  // What most programs send.
  if (header === 'application/json') return JSON_AS_STORED;
  requireRoute(header, produces);
  const found = preferred(header, views);
  if (found === undefined) throw notAcceptable(OBJECTS);
  return found;
}

/** The same for a watch, which cannot be YAML. Models NegotiateOutputMediaTypeStream. */
export function negotiateStream(request: ServerRequest): Representation {
  const header = acceptOf(request);
  requireRoute(header, PRODUCES.lists);
  const found = preferred(header, true);
  if (found?.mediaType !== 'application/json') throw notAcceptable(STREAMS);
  return found;
}

/** For handlers outside of the router, as those of /apis and of its groups. Rejects with 406. */
export function negotiateUnrouted(request: ServerRequest): Representation {
  const found = preferred(acceptOf(request), false);
  if (found === undefined) throw notAcceptable(OBJECTS);
  return found;
}

/** The media type of an error's Status; undefined if the client wants none of ours. */
export function negotiateError(request: ServerRequest): MediaType | undefined {
  return preferred(acceptOf(request), false)?.mediaType;
}

/** Rejects with 406 as the router does. Models go-restful's RouterJSR311 detectRoute. */
export function requireRoute(header: string, produces: readonly string[]): void {
  if (header === '' || routeAccepts(header, produces)) return;
  throw new StatusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${produces.join(', ')}`,
    {},
  );
}

/** Only the first Accept header counts. */
export function acceptOf(request: ServerRequest): string {
  return headerOf(request.http.headers, 'accept') ?? '';
}

/** Models endpoints/handlers/negotiation NegotiateMediaTypeOptions. */
function preferred(header: string, views: Views): Representation | undefined {
  if (header === '') return JSON_AS_STORED;
  for (const { type, subtype, parameters } of parseAccept(header)) {
    for (const mediaType of SERVED) {
      const [ownType, ownSubtype] = mediaType.split('/');
      const matches =
        type === ownType ? subtype === ownSubtype || subtype === '*' : type === '*' && subtype === '*';
      if (!matches) continue;
      const stream = parameters.get('stream');
      if (stream !== undefined && (stream !== 'watch' || mediaType !== 'application/json')) continue;
      if (!['as', 'g', 'v'].some((name) => parameters.has(name))) return { mediaType };
      const view = views === false ? undefined : viewOf(parameters);
      if (view !== undefined && (views === true || view.kind !== 'Table')) return { mediaType, view };
    }
  }
  return undefined;
}

function viewOf(parameters: ReadonlyMap<string, string>): View | undefined {
  const kind = VIEWS.find((name) => name === parameters.get('as'));
  const version = parameters.get('v') ?? '';
  const isMeta = parameters.get('g') === 'meta.k8s.io' && ['v1', 'v1beta1'].includes(version);
  return kind !== undefined && isMeta ? { kind, apiVersion: `meta.k8s.io/${version}` } : undefined;
}

function notAcceptable(offered: readonly string[]): StatusError {
  return new StatusError(
    406,
    'NotAcceptable',
    `only the following media types are accepted: ${offered.join(', ')}`,
  );
}

/** The media type of the body, without parameters. Rejects with 415 for one that cannot be read. */
export function bodyMediaType(request: ServerRequest): MediaType {
  const header = headerOf(request.http.headers, 'content-type') ?? '';
  if (header === '' || header === 'application/json') return 'application/json';
  const type = header.split(';')[0]!.trim().toLowerCase();
  const served = SERVED.find((candidate) => candidate === type);
  if (served !== undefined) return served;
  throw unsupportedMediaType(OBJECTS);
}

/** Models endpoints/handlers/negotiation NewUnsupportedMediaTypeError. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/**
 * The media type of a patch's body. Rejects as the router does: with 415, or 406 if there is no body that
 * could be of a type.
 */
export function patchMediaType<T extends string>({ http }: ServerRequest, known: readonly T[]): T {
  const header = headerOf(http.headers, 'content-type') ?? '';
  const type = header.split(';')[0]!.trim();
  const found = known.find((candidate) => candidate === type);
  if (found !== undefined) return found;
  // The router takes one of several types, the handler does not.
  if (routeAccepts(header, known)) throw unsupportedMediaType(known);
  throw http.body === ''
    ? new StatusError(406, 'NotAcceptable', '406: Not Acceptable\n\nAvailable representations: ', {})
    : new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}
