import type { HttpResponse } from '../../apimachinery/http.ts';
import { apiVersionOf, groupResourceText } from '../../apimachinery/object.ts';
import { genericNotFoundError, notFoundError, StatusError } from '../../apimachinery/status.ts';
import type { LazyModule } from '../../clock/lazy-module.ts';
import type { ResourceDefinition, ResourceVerb } from '../registry/rest/resource.ts';
import type { Needs } from '../registry/rest/strategy.ts';
import type { Subresource } from '../registry/rest/subresource.ts';
import { getResource } from './handlers/get.ts';
import { listResource } from './handlers/list.ts';
import { respondError } from './handlers/response-writer.ts';
import type { RequestScope, StoredScope, Writing } from './handlers/scope.ts';
import { methodNotAllowed } from './handlers/scope.ts';
import { connectSubresource, getSubresource, readVirtual } from './handlers/subresource.ts';
import type { WriteSupport } from './handlers/write-support.ts';
import type { RequestInfo } from './request-info.ts';
import type { Handler, ServerRequest } from './request.ts';
import { changes, creation } from './write-handlers.ts';

type Route = (request: ServerRequest) => Promise<HttpResponse>;

/** Gives what handlers that change something need; that, and what else is needed, is fetched when first asked for. */
type LoadWriteSupport = (...needs: readonly Needs[]) => WriteSupport | Promise<WriteSupport>;

type WriteHandler<S, More extends readonly unknown[]> = (
  request: ServerRequest,
  scope: S & Writing,
  ...more: More
) => Promise<HttpResponse>;

export const ALL_VERBS: readonly ResourceVerb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Verbs of a subresource that is the object itself. */
export const STATUS_VERBS: readonly ('get' | 'patch' | 'update')[] = ['get', 'patch', 'update'];

/** Verbs that may leave out the namespace of a namespaced kind. */
const ACROSS_NAMESPACES = ['list', 'watch'];

/** All subresources of a resource, status among them. */
export function subresourcesOf(definition: ResourceDefinition): readonly Subresource[] {
  const { status, subresources = [], custom } = definition;
  if (status === undefined) return subresources;
  const own: Subresource = { handler: 'update', name: 'status', strategy: status };
  // Discovery names those of custom resources in this order.
  return custom === undefined ? [...subresources, own] : [own, ...subresources];
}

/**
 * Answers the requests of all resources below /api and /apis.
 * Models k8s.io/apiserver/pkg/endpoints/installer.go, with the router's own 404 and 405.
 */
export class ResourceHandler {
  readonly #scopes = new Map<string, RequestScope>();
  readonly #load: LoadWriteSupport;
  /** Scopes with what their writes need. */
  readonly #writing = new WeakMap<RequestScope, RequestScope & Writing>();

  constructor(load: LoadWriteSupport) {
    this.#load = load;
  }

  /** Serves one more resource, or another definition of it. */
  install(scope: RequestScope): void {
    this.#scopes.set(scopeKey(apiVersionOf(scope.definition), scope.definition.resource), scope);
  }

  /** True for a request that some resource answers, rightly namespaced or not namespaced. */
  serves({ group, version, resource, namespace, verb }: RequestInfo): boolean {
    const scope = this.#scopes.get(scopeKey(apiVersionOf({ group, version }), resource));
    if (scope === undefined) return false;
    return scope.definition.namespaced
      ? namespace !== '' || ACROSS_NAMESPACES.includes(verb)
      : namespace === '';
  }

  remove(definition: ResourceDefinition): void {
    this.#scopes.delete(scopeKey(apiVersionOf(definition), definition.resource));
  }

  /** Answers a request for a resource; anything that is thrown becomes a Status. */
  readonly handle: Handler = async (request) => {
    try {
      return await this.#route(request)(request);
    } catch (error) {
      return respondError(request, error);
    }
  };

  #route(request: ServerRequest): Route {
    const { group, version, resource, namespace, name, subresource, parts } = request.info;
    const scope = this.#scopes.get(scopeKey(apiVersionOf({ group, version }), resource));
    if (scope === undefined) throw genericNotFoundError();
    const { definition } = scope;
    // The paths of old: /api/v1/proxy/… is gone, /api/v1/watch/… still watches.
    if (request.info.verb === 'proxy') throw genericNotFoundError();
    if (request.info.verb === 'watch' && request.http.method !== 'GET') throw methodNotAllowed();
    // A namespace names itself in the path; other cluster-scoped kinds have none there.
    const namesItself = resource === 'namespaces' && group === '' && parts[1] === namespace;
    if (!definition.namespaced && namespace !== '' && !namesItself) throw genericNotFoundError();
    const inAllNamespaces = definition.namespaced && namespace === '';
    if (inAllNamespaces && parts.length > 1) throw genericNotFoundError();
    if (subresource === '' && parts.length > 2) throw genericNotFoundError();
    const route =
      subresource !== ''
        ? this.#subresourceRoute(request, scope as StoredScope, name)
        : definition.virtual === undefined
          ? this.#storedRoute(request, scope as StoredScope, inAllNamespaces)
          : this.#virtualRoute(request, scope, inAllNamespaces);
    const { deprecationWarning } = definition;
    if (deprecationWarning !== undefined) {
      request.warnings.push(deprecationWarning);
      request.annotate?.('k8s.io/deprecated', 'true');
    }
    return route;
  }

  #storedRoute(request: ServerRequest, scope: StoredScope, inAllNamespaces: boolean): Route {
    const { definition } = scope;
    const allowed = (verb: ResourceVerb) => (definition.verbs ?? ALL_VERBS).includes(verb);
    const isWatch = request.info.verb === 'watch';
    const isCollection = request.info.parts.length < 2 || isWatch;
    const { method } = request.http;
    // The router knows no HEAD; custom resources are not behind it.
    switch (method === 'HEAD' && definition.custom !== undefined ? 'GET' : method) {
      case 'GET':
        if (isCollection ? allowed('list') || allowed('watch') : allowed('get')) {
          return isCollection
            ? (received) => listResource(received, scope)
            : (received) => getResource(received, scope);
        }
        break;
      case 'POST':
        if (isCollection && !inAllNamespaces && allowed('create')) {
          if (definition.custom?.isTerminating() === true) {
            throw notSupported(
              definition,
              'create not allowed while custom resource definition is terminating',
            );
          }
          return this.#writes(creation, ({ createResource }) => createResource, scope, definition.strategy);
        }
        break;
      case 'PUT':
        if (!isCollection && allowed('update')) {
          return this.#writes(
            changes,
            ({ updateResource }) => updateResource,
            scope,
            definition.strategy,
            definition.strategy,
          );
        }
        break;
      case 'PATCH':
        if (!isCollection && allowed('patch')) {
          return this.#writes(
            changes,
            ({ patchResource }) => patchResource,
            scope,
            definition.strategy,
            definition.strategy,
          );
        }
        break;
      case 'DELETE':
        if (!isCollection && allowed('delete'))
          return this.#writes(changes, ({ deleteResource }) => deleteResource, scope, {});
        if (isCollection && !inAllNamespaces && allowed('deletecollection')) {
          return this.#writes(changes, ({ deleteCollection }) => deleteCollection, scope, {});
        }
        break;
    }
    throw definition.custom === undefined
      ? methodNotAllowed()
      : notSupported(
          definition,
          `${request.info.verb} is not supported on resources of kind ${JSON.stringify(groupResourceText(definition))}`,
        );
  }

  #virtualRoute(request: ServerRequest, scope: RequestScope, inAllNamespaces: boolean): Route {
    const virtual = scope.definition.virtual!;
    if (inAllNamespaces && virtual.list === undefined) throw genericNotFoundError();
    const isCollection = request.info.parts.length < 2;
    const { method } = request.http;
    if (method === 'POST' && isCollection && virtual.create !== undefined) {
      return this.#writes(changes, ({ createVirtual }) => createVirtual, scope, virtual);
    }
    const reads = isCollection ? virtual.list !== undefined : virtual.get !== undefined;
    if (method === 'GET' && reads) return (received) => readVirtual(received, scope);
    if (!isCollection && virtual.get === undefined) throw genericNotFoundError();
    throw methodNotAllowed();
  }

  #subresourceRoute({ info, http }: ServerRequest, scope: StoredScope, name: string): Route {
    const subresource = subresourcesOf(scope.definition).find((known) => known.name === info.subresource);
    if (subresource === undefined || name === '' || scope.store === undefined) {
      throw scope.definition.custom === undefined
        ? genericNotFoundError()
        : notFoundError(scope.definition, name);
    }
    if (info.parts.length > 3 && !('takesPath' in subresource && subresource.takesPath === true)) {
      throw genericNotFoundError();
    }
    if (subresource.handler === 'connect') {
      const writing = async () => (await this.#load(subresource)).writing(scope.definition);
      return (received) => connectSubresource(received, scope, subresource, writing);
    }
    if (subresource.handler === 'update') {
      const { strategy, verbs = STATUS_VERBS } = subresource;
      switch (http.method) {
        case 'GET':
          if (verbs.includes('get')) return (received) => getResource(received, scope);
          break;
        case 'PUT':
          return this.#writes(changes, ({ updateResource }) => updateResource, scope, strategy, strategy);
        case 'PATCH':
          if (verbs.includes('patch'))
            return this.#writes(changes, ({ patchResource }) => patchResource, scope, strategy, strategy);
          break;
      }
      throw methodNotAllowed();
    }
    switch (http.method) {
      case 'GET':
        return (received) => getSubresource(received, scope, subresource);
      case 'POST':
        return this.#writes(
          changes,
          ({ createSubresource }) => createSubresource,
          scope,
          subresource,
          subresource,
        );
      case 'PUT':
        return this.#writes(
          changes,
          ({ updateSubresource }) => updateSubresource,
          scope,
          subresource,
          subresource,
        );
      case 'PATCH':
        return this.#writes(
          changes,
          ({ patchSubresource }) => patchSubresource,
          scope,
          subresource,
          subresource,
        );
    }
    throw methodNotAllowed();
  }

  /** The route to the handler that `pick` takes of a part of those that change something. */
  #writes<Part, S extends RequestScope, More extends readonly unknown[]>(
    part: LazyModule<Part>,
    pick: (loaded: Part) => WriteHandler<S, More>,
    scope: S,
    needs: Needs,
    ...more: More
  ): Route {
    return async (request) => {
      const support = await this.#load({ needs: [part] }, needs, scope.definition.strategy);
      return pick(part.loaded)(request, this.#withWriting(scope, support), ...more);
    };
  }

  #withWriting<S extends RequestScope>(scope: S, support: WriteSupport): S & Writing {
    let writing = this.#writing.get(scope) as (S & Writing) | undefined;
    if (writing === undefined) {
      writing = { ...scope, ...support.writing(scope.definition) };
      this.#writing.set(scope, writing);
    }
    return writing;
  }
}

function scopeKey(apiVersion: string, resource: string): string {
  return `${apiVersion}/${resource}`;
}

/** 405 as the handler of custom resources words it. Models errors.NewMethodNotSupported. */
function notSupported({ group, resource }: ResourceDefinition, message: string): StatusError {
  return new StatusError(405, 'MethodNotAllowed', message, { group, kind: resource });
}
