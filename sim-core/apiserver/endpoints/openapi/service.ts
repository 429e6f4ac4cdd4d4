import { sha512 } from '@noble/hashes/sha2.js';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf, headerValues } from '../../../apimachinery/http.ts';
import type { GroupVersion } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import { loadDescriptions } from '../../../apimachinery/schema/descriptions.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ApiGroup } from '../../server/config.ts';
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
}

const YEAR_MS = 365 * 24 * 3600_000;

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
    if (!acceptsJson(request)) return { status: 406, headers: { vary: 'Accept' }, body: '' };
    const asked = request.query.get('hash');
    const hash = this.#hashOf(this.#definitionsOf(groupVersion));
    if (asked !== '' && asked !== hash) {
      return { status: 301, headers: { location: this.#location(groupVersion), vary: 'Accept' }, body: '' };
    }
    const headers = {
      'content-type': 'application/json',
      etag: `"${hash}"`,
      vary: 'Accept',
      ...(asked !== '' && {
        'cache-control': 'public, immutable',
        expires: new Date(request.receivedAt + YEAR_MS).toUTCString(),
      }),
    };
    if (headerOf(request.http.headers, 'if-none-match') === headers.etag)
      return { status: 304, headers, body: '' };
    const body = await this.#document(name, hash, async () =>
      documentV3(groupVersion, await this.#source(this.#config.definitions())),
    );
    return { status: 200, headers, body };
  }

  async #answerV2(request: ServerRequest): Promise<HttpResponse> {
    if (!acceptsJson(request)) return { status: 406, headers: { vary: 'Accept' }, body: '' };
    const definitions = this.#config.definitions();
    const hash = this.#hashOf(definitions);
    const headers = { 'content-type': 'application/json', etag: `"${hash}"`, vary: 'Accept' };
    if (headerOf(request.http.headers, 'if-none-match') === headers.etag)
      return { status: 304, headers, body: '' };
    const body = await this.#document('v2', hash, async () => documentV2(await this.#source(definitions)));
    return { status: 200, headers, body };
  }

  async #source(definitions: readonly ResourceDefinition[]) {
    return {
      definitions,
      descriptions: await this.#config.clock.outside(loadDescriptions()),
      version: this.#config.version,
    };
  }

  async #document(name: string, hash: string, make: () => Promise<object>): Promise<string> {
    const known = this.#documents.get(name);
    if (known?.hash === hash) return known.text;
    const text = JSON.stringify(await make());
    this.#documents.set(name, { hash, text });
    return text;
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

/** JSON is all that is served; protobuf alone cannot be. */
function acceptsJson({ http }: ServerRequest): boolean {
  const clauses = headerValues(http.headers, 'accept')
    .flatMap((value) => value.split(','))
    .map((clause) => clause.split(';')[0]!.trim().toLowerCase())
    .filter((type) => type !== '');
  return (
    clauses.length === 0 ||
    clauses.some((type) => type === '*/*' || type === 'application/*' || type === 'application/json')
  );
}
