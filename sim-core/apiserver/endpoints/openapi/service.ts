import { sha512 } from '@noble/hashes/sha2.js';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf } from '../../../apimachinery/http.ts';
import type { GroupVersion, JsonObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import { loadDescriptions } from '../../../apimachinery/schema/descriptions.ts';
import type { Clock } from '../../../clock/clock.ts';
import { textOfBytes } from '../../../crypto/encoding/byte-text.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ApiGroup } from '../../server/config.ts';
import { parseAccept } from '../handlers/accept.ts';
import { acceptOf } from '../handlers/negotiation.ts';
import type { ServerRequest } from '../request.ts';
import { documentV2, documentV3 } from './document.ts';

/** What the service describes; groups and resources may come and go with CustomResourceDefinitions. */
export interface OpenApiServiceConfig {
  readonly clock: Clock;
  groups(): readonly ApiGroup[];
  definitions(): readonly ResourceDefinition[];
  /** "v1.36.4". */
  readonly version: string;
}

interface Document {
  /** What the document was made from: another text means another document. */
  readonly hash: string;
  readonly text: string;
  readonly lastModified: string;
}

const YEAR_MS = 365 * 24 * 3600_000;

const JSON_TYPE = 'application/json';
const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** What a client may ask for, and what it is told that it gets; the first for one that takes anything. */
type Offers = Readonly<Record<string, string>>;
const V2_OFFERS: Offers = {
  [JSON_TYPE]: JSON_TYPE,
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf': PROTOBUF_V2,
  [PROTOBUF_V2]: PROTOBUF_V2,
};
/** Clients read version 3 as JSON; protobuf of it is not served. */
const V3_OFFERS: Offers = { [JSON_TYPE]: JSON_TYPE };
const NOT_ACCEPTABLE: HttpResponse = { status: 406, headers: { vary: 'Accept' }, body: '' };

/**
 * Answers /openapi/v2, /openapi/v3 and /openapi/v3/<group version>. Documents are made when they are
 * first asked for, and again when the resources have changed.
 *
 * Models k8s.io/kube-openapi/pkg/handler and handler3.
 */
export class OpenApiService {
  readonly #config: OpenApiServiceConfig;
  readonly #documents = new Map<string, Document>();

  constructor(config: OpenApiServiceConfig) {
    this.#config = config;
  }

  /** Undefined for a path that is none of its. */
  async answer(request: ServerRequest): Promise<HttpResponse | undefined> {
    const { path } = request;
    if (path === '/openapi/v2') return this.#answerV2(request);
    if (path === '/openapi/v3') return this.#index();
    if (!path.startsWith('/openapi/v3/')) return undefined;
    const name = path.slice('/openapi/v3/'.length);
    const groupVersion = this.#groupVersions().find((known) => pathOf(known) === name);
    return groupVersion === undefined
      ? { status: 404, headers: {}, body: '' }
      : this.#answerV3(request, name, groupVersion);
  }

  #index(): HttpResponse {
    const paths = Object.fromEntries(
      this.#groupVersions()
        .map(
          (groupVersion) =>
            [pathOf(groupVersion), { serverRelativeURL: this.#location(groupVersion) }] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ paths }) };
  }

  async #answerV3(request: ServerRequest, name: string, groupVersion: GroupVersion): Promise<HttpResponse> {
    if (mediaTypeFor(request, V3_OFFERS) === undefined) return NOT_ACCEPTABLE;
    const asked = request.query.get('hash');
    const hash = this.#hashOf(this.#definitionsOf(groupVersion));
    if (asked !== '' && asked !== hash) {
      return { status: 301, headers: { location: this.#location(groupVersion), vary: 'Accept' }, body: '' };
    }
    const headers = {
      etag: `"${hash}"`,
      vary: 'Accept',
      ...(asked !== '' && {
        'cache-control': 'public, immutable',
        expires: new Date(request.receivedAt + YEAR_MS).toUTCString(),
      }),
    };
    if (hasAlready(request, headers.etag)) return { status: 304, headers, body: '' };
    const document = await this.#document(name, hash, async () =>
      JSON.stringify(documentV3(groupVersion, await this.#source(this.#config.definitions()))),
    );
    return withDocument(headers, JSON_TYPE, document);
  }

  async #answerV2(request: ServerRequest): Promise<HttpResponse> {
    const mediaType = mediaTypeFor(request, V2_OFFERS);
    if (mediaType === undefined) return NOT_ACCEPTABLE;
    const definitions = this.#config.definitions();
    const hash = this.#hashOf(definitions);
    const headers = { etag: `"${hash}"`, vary: ['Accept-Encoding', 'Accept'] };
    if (hasAlready(request, headers.etag)) return { status: 304, headers, body: '' };
    const json = await this.#document('v2', hash, async () =>
      JSON.stringify(documentV2(await this.#source(definitions))),
    );
    const document =
      mediaType === JSON_TYPE
        ? json
        : await this.#document(PROTOBUF_V2, hash, async () => this.#protobufOf(json.text));
    return withDocument(headers, mediaType, document);
  }

  /** Made from the JSON, as upstream makes it. */
  async #protobufOf(json: string): Promise<string> {
    const { encodeDocument } = await this.#config.clock.outside(import('./protobuf/encode.ts'));
    return textOfBytes(encodeDocument(JSON.parse(json) as JsonObject));
  }

  async #source(definitions: readonly ResourceDefinition[]) {
    return {
      definitions,
      descriptions: await this.#config.clock.outside(loadDescriptions()),
      version: this.#config.version,
    };
  }

  async #document(name: string, hash: string, make: () => Promise<string>): Promise<Document> {
    const known = this.#documents.get(name);
    if (known?.hash === hash) return known;
    const lastModified = new Date(this.#config.clock.now()).toUTCString();
    const document = { hash, text: await make(), lastModified };
    this.#documents.set(name, document);
    return document;
  }

  #groupVersions(): GroupVersion[] {
    return this.#config
      .groups()
      .flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));
  }

  #definitionsOf({ group, version }: GroupVersion): ResourceDefinition[] {
    return this.#config
      .definitions()
      .filter((definition) => definition.group === group && definition.version === version);
  }

  #location(groupVersion: GroupVersion): string {
    return `/openapi/v3/${pathOf(groupVersion)}?hash=${this.#hashOf(this.#definitionsOf(groupVersion))}`;
  }

  /** Of what goes into a document, which is cheaper than the document: 64 bytes in upper-case hexadecimal. */
  #hashOf(definitions: readonly ResourceDefinition[]): string {
    const names = definitions.map(({ group, version, resource, kind, schema, custom }) => [
      group,
      version,
      resource,
      kind,
      schema,
      ...(custom === undefined ? [] : [custom.openAPI(3)]),
    ]);
    const text = JSON.stringify([this.#config.version, names]);
    const bytes = sha512(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
    return [...bytes]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
  }
}

/** "api/v1", "apis/apps/v1". */
function pathOf(groupVersion: GroupVersion): string {
  return `${groupVersion.group === '' ? 'api' : 'apis'}/${apiVersionOf(groupVersion)}`;
}

/** What the client likes best of what is offered; undefined for nothing. */
function mediaTypeFor(request: ServerRequest, offers: Offers): string | undefined {
  for (const { type, subtype } of parseAccept(acceptOf(request) || '*/*')) {
    for (const [asked, answered] of Object.entries(offers)) {
      const matches = asked === `application/${subtype}` || subtype === '*';
      if (matches && (type === 'application' || type === '*')) return answered;
    }
  }
  return undefined;
}

/** True if the client has the document. Models net/http's checkIfNoneMatch. */
function hasAlready({ http }: ServerRequest, etag: string): boolean {
  const tags = headerOf(http.headers, 'if-none-match')?.match(/"[^"]*"|\*/g) ?? [];
  return tags.some((tag) => tag === '*' || tag === etag);
}

function withDocument(
  headers: HttpResponse['headers'],
  mediaType: string,
  { text, lastModified }: Document,
): HttpResponse {
  return {
    status: 200,
    headers: { ...headers, 'content-type': mediaType, 'last-modified': lastModified },
    body: text,
  };
}
