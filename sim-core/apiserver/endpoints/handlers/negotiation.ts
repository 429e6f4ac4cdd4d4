import { headerOf, headerValues } from '../../../apimachinery/http.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { ServerRequest } from '../request.ts';

/** What this server writes. Protobuf is offered in messages, as upstream does, but not served. */
export type MediaType = 'application/json' | 'application/yaml';

/** How the answer looks: as stored, or turned into one of meta.k8s.io's views. */
export interface Representation {
  readonly mediaType: MediaType;
  readonly view?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

const SERVED: readonly MediaType[] = ['application/json', 'application/yaml'];
const OFFERED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const OFFERED_STREAMS =
  'application/json, application/yaml, application/vnd.kubernetes.protobuf, ' +
  'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
const VIEWS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const;

interface AcceptClause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Picks the first representation of the Accept header that the server can give.
 * Rejects with 406. `views`: whether Table and PartialObjectMetadata make sense here;
 * `streams`: whether the path also serves watches, which the message then names.
 *
 * Models endpoints/handlers/negotiation and the media types of go-restful's routes.
 */
export function negotiate(request: ServerRequest, views: boolean, streams: boolean): Representation {
  const clauses = headerValues(request.http.headers, 'accept')
    .flatMap((value) => value.split(','))
    .map(parseClause)
    .filter(({ type }) => type !== '');
  if (clauses.length === 0) return { mediaType: 'application/json' };
  if (
    !clauses.some(
      ({ type }) => matching(type) !== undefined || type === 'application/vnd.kubernetes.protobuf',
    )
  ) {
    throw new StatusError(
      406,
      'NotAcceptable',
      `406: Not Acceptable\n\nAvailable representations: ${streams ? OFFERED_STREAMS : OFFERED}`,
      {},
    );
  }
  for (const { type, parameters } of clauses) {
    const mediaType = matching(type);
    if (mediaType === undefined) continue;
    const view = parameters.get('as');
    if (view === undefined) return { mediaType };
    if (!views || parameters.get('g') !== 'meta.k8s.io') continue;
    if (!['v1', 'v1beta1'].includes(parameters.get('v') ?? '')) continue;
    const known = VIEWS.find((name) => name === view);
    if (known !== undefined) return { mediaType, view: known };
  }
  throw new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${OFFERED}`);
}

/** The media type of the body, without parameters. Rejects with 415 for one that cannot be read. */
export function bodyMediaType(request: ServerRequest): MediaType {
  const header = headerOf(request.http.headers, 'content-type') ?? '';
  const type = parseClause(header).type;
  if (type === '') return 'application/json';
  const served = SERVED.find((candidate) => candidate === type);
  if (served !== undefined) return served;
  throw new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${OFFERED}`,
  );
}

/** The media type of a patch's body. Rejects with 415 as the router does. */
export function patchMediaType<T extends string>(request: ServerRequest, known: readonly T[]): T {
  const { type } = parseClause(headerOf(request.http.headers, 'content-type') ?? '');
  const found = known.find((candidate) => candidate === type);
  if (found !== undefined) return found;
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function matching(type: string): MediaType | undefined {
  if (type === '*/*' || type === 'application/*') return 'application/json';
  return SERVED.find((candidate) => candidate === type);
}

function parseClause(text: string): AcceptClause {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals > 0) parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return { type: type.toLowerCase(), parameters };
}
