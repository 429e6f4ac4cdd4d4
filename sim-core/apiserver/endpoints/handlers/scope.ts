import type { GroupVersionKind, KubeObject } from '../../../apimachinery/object.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import { goJsonAsIs } from '../../../apimachinery/json/go-json.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { AdmissionChain } from '../../admission/chain.ts';
import type { AdmissionAttributes } from '../../admission/plugin.ts';
import type { GenericStore } from '../../registry/generic/store.ts';
import type { RequestContext, ValidateObject } from '../../registry/rest/object-store.ts';
import type { ResourceDefinition, TableColumn } from '../../registry/rest/resource.ts';
import type { ServerServices } from '../../registry/rest/server-services.ts';
import type { EndpointContext } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import type { ObjectDecoder } from './decode.ts';
import type { FieldManagers } from './field-managers.ts';
import type { MediaType, View } from './negotiation.ts';
import type { ObjectEncoder } from './response-writer.ts';
import { respond, respondValue } from './response-writer.ts';
import type { TableConvertor } from './table.ts';
import { dedupOwnerReferences } from './owner-references.ts';

/** What the handlers of one resource share. Models endpoints/handlers RequestScope. */
export interface RequestScope {
  readonly definition: ResourceDefinition;
  readonly services: ServerServices;
  readonly encoder: ObjectEncoder;
  readonly tables: TableConvertor;
}

/** The scope of a resource that is stored. */
export interface StoredScope extends RequestScope {
  readonly store: GenericStore;
}

/** What a handler that changes something needs besides. */
export interface Writing {
  readonly admission: AdmissionChain;
  readonly decoder: ObjectDecoder;
  readonly fieldManagers: FieldManagers;
}

export type WriteScope = RequestScope & Writing;
export type StoredWriteScope = StoredScope & Writing;

/** The request as registry and strategies see it. */
export function contextOf(
  request: ServerRequest,
  { services }: RequestScope,
  options: { readonly dryRun?: readonly string[] | undefined } = {},
): RequestContext {
  return {
    user: request.user,
    namespace: request.info.namespace,
    now: services.clock.now(),
    warn: (text) => request.warnings.push(text),
    requestId: request.id,
    dryRun: (options.dryRun ?? []).includes('All'),
  };
}

/** The same for hand-written endpoints. */
export function endpointContextOf(
  request: ServerRequest,
  scope: RequestScope,
  validate: ValidateObject,
  options: { readonly dryRun?: readonly string[] | undefined } = {},
): EndpointContext {
  return {
    name: request.info.name,
    query: (name) => request.query.all(name),
    services: scope.services,
    validate,
    ...contextOf(request, scope, options),
  };
}

/** One write's admission: the attributes that stay the same, and how to run the chain. */
export class RequestAdmission {
  readonly #request: ServerRequest;
  readonly #scope: Pick<Writing, 'admission'>;
  readonly #kind: GroupVersionKind;
  readonly #options: WriteOptions | object;
  readonly #dryRun: boolean;

  constructor(
    request: ServerRequest,
    scope: Pick<Writing, 'admission'>,
    kind: GroupVersionKind,
    options: WriteOptions | object,
    dryRun: boolean,
  ) {
    this.#request = request;
    this.#scope = scope;
    this.#kind = kind;
    this.#options = options;
    this.#dryRun = dryRun;
  }

  /** Runs the mutating plugins on `object`, which they change. */
  async admit(
    operation: AdmissionAttributes['operation'],
    object: KubeObject | undefined,
    old: KubeObject | undefined,
  ): Promise<void> {
    await this.#scope.admission.admit(this.#attributes(operation, object, old), this.#request.trace);
    if (object?.metadata === undefined) return;
    this.#request.warnings.push(...dedupOwnerReferences(object.metadata, 'mutating admission'));
  }

  /** The validating plugins, to be run by the store just before it writes. */
  validator(operation: 'CREATE' | 'UPDATE'): ValidateObject {
    return (object, old) =>
      this.#scope.admission.validate(this.#attributes(operation, object, old), this.#request.trace);
  }

  /** Both kinds of plugins, for a deletion. Models rest.AdmissionToValidateObjectDeleteFunc. */
  deletionValidator(): ValidateObject {
    return async (old) => {
      const attributes = this.#attributes('DELETE', undefined, old);
      await this.#scope.admission.admit(attributes, this.#request.trace);
      await this.#scope.admission.validate(attributes, this.#request.trace);
    };
  }

  /** Both kinds of plugins, for a connection; `options` has no metadata. */
  async connect(options: KubeObject): Promise<void> {
    const attributes = this.#attributes('CONNECT', options, undefined);
    await this.#scope.admission.admit(attributes, this.#request.trace);
    await this.#scope.admission.validate(attributes, this.#request.trace);
  }

  #attributes(
    operation: AdmissionAttributes['operation'],
    object: KubeObject | undefined,
    oldObject: KubeObject | undefined,
  ): AdmissionAttributes {
    const { info, user, warnings, annotate } = this.#request;
    const { group, version, kind } = this.#kind;
    const name = info.name !== '' ? info.name : ((object ?? oldObject)?.metadata.name ?? '');
    // A namespace is admitted as if it lay in itself.
    const isNamespace = info.resource === 'namespaces' && info.group === '';
    return {
      operation,
      kind: { group, version, kind },
      resource: { group: info.group, version: info.version, resource: info.resource },
      subresource: info.subresource,
      namespace: isNamespace && info.namespace === '' ? name : info.namespace,
      name,
      object,
      oldObject,
      options: this.#options as Readonly<Record<string, unknown>>,
      dryRun: this.#dryRun,
      user,
      warn: (text) => warnings.push(text),
      annotate,
      reinvocation: undefined,
    };
  }
}

/** An object, or a Status, in the representation that the client asked for. */
export async function respondObject(
  request: ServerRequest,
  scope: RequestScope,
  status: number,
  object: KubeObject,
  mediaType: MediaType,
  view?: View,
  columns?: readonly TableColumn[],
): Promise<HttpResponse> {
  const tables = columns === undefined ? scope.tables : scope.tables.withColumns(columns);
  await tables.prepare(view);
  const isStatus = object.kind === 'Status' && object.apiVersion === 'v1';
  if (!isStatus && view !== undefined) {
    return respond(request, status, tables.view(object, view, request), mediaType);
  }
  const write = () => (isStatus ? goJsonAsIs(object) : scope.encoder.text(object));
  return respondValue(request, status, object, write, mediaType);
}

/** Rejects with 405 what is not a GET. */
export function requireGet({ http }: ServerRequest): void {
  if (http.method !== 'GET') throw methodNotAllowed();
}

/** 405 as the router words it. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}
