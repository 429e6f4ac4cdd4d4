import { Aggregator, API_SERVICES } from '../aggregator/aggregator.ts';
import type { HttpHandler, HttpResponse } from '../../apimachinery/http.ts';
import { groupResourceText } from '../../apimachinery/object.ts';
import { describe, loadColumnTexts } from '../../apimachinery/schema/column-texts.ts';
import type { Tracer } from '../../apimachinery/trace.ts';
import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import { CustomResourceExtension } from '../apiextensions/extension.ts';
import { CRDS } from '../apiextensions/types.ts';
import { UnionAuthenticator } from '../authentication/union.ts';
import { UnionAuthorizer } from '../authorization/union/union.ts';
import { CustomObjectEncoder, ObjectEncoder, respondError } from '../endpoints/handlers/response-writer.ts';
import type { RequestScope, StoredScope } from '../endpoints/handlers/scope.ts';
import { TableConvertor } from '../endpoints/handlers/table.ts';
import { ResourceHandler } from '../endpoints/installer.ts';
import type { ServerRequest } from '../endpoints/request.ts';
import { FlowController } from '../flowcontrol/flow-controller.ts';
import { StoreRegistry } from '../registry/generic/registry.ts';
import { GenericStore } from '../registry/generic/store.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import type { ServerServices } from '../registry/rest/server-services.ts';
import { Cacher } from '../storage/cacher/cacher.ts';
import { compactPeriodically } from '../storage/etcd3/compact.ts';
import type { EtcdClient } from '../storage/etcd3/store.ts';
import { LeaseManager } from '../storage/etcd3/lease-manager.ts';
import { Etcd3Store } from '../storage/etcd3/store.ts';
import type { ApiServerConfig } from './config.ts';
import { buildHandlerChain } from './handler-chain.ts';
import { healthChecks } from './healthz/checks.ts';
import type { MetricsSource } from './metrics/apiserver-metrics.ts';
import { ApiServerMetrics } from './metrics/apiserver-metrics.ts';
import { clusterAuthenticationInfo } from './post-start-hooks/cluster-authentication-info.ts';
import { legacyTokenTracking } from './post-start-hooks/legacy-token-tracking.ts';
import { bootstrapObjects } from './post-start-hooks/bootstrap-objects.ts';
import { flowSchemaStatus } from './post-start-hooks/flow-schema-status.ts';
import { autoregistration } from './post-start-hooks/autoregistration.ts';
import { serviceCIDR } from './post-start-hooks/service-cidr.ts';
import { kubernetesService } from './post-start-hooks/kubernetes-service.ts';
import { PostStartHooks } from './post-start-hooks/runner.ts';
import { systemNamespaces } from './post-start-hooks/system-namespaces.ts';
import { NonResourcePaths } from './routes/non-resource-paths.ts';
import { ServedGroups } from './served-groups.ts';
import { WriteSupportLoader } from './write-support-loader.ts';

/** As whom the server manages fields that it writes by itself. */
const SERVER_MANAGER = 'kube-apiserver';
/** How often a watch is told how far its cache has come, in milliseconds. */
const BOOKMARK_INTERVAL = 60_000;

/** What a server needs from its surroundings. */
export interface ApiServerParts {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly etcd: EtcdClient;
  readonly tracer: Tracer;
}

/**
 * A kube-apiserver.
 *
 *     const server = new ApiServer({ clock, rand, etcd, tracer }, config);
 *     await server.start();
 *     const response = await server.handle(request);
 *     server.stop();
 *
 * Models cmd/kube-apiserver and k8s.io/apiserver/pkg/server GenericAPIServer.
 */
export class ApiServer {
  /** Answers requests; before `start` resolves they wait for the caches. */
  readonly handle: HttpHandler;
  readonly services: ServerServices;
  readonly #parts: ApiServerParts;
  readonly #config: ApiServerConfig;
  readonly #context = new Context();
  readonly #registry = new StoreRegistry();
  /** What is stored as it is served, by the prefix of its keys. */
  readonly #plainStorages = new Map<string, Etcd3Store>();
  readonly #resources = new ResourceHandler((...needs) => this.#writeSupport.load(needs));
  readonly #encoder = new ObjectEncoder();
  readonly #hooks: PostStartHooks;
  readonly #nonResourcePaths: NonResourcePaths;
  readonly #metrics = new ApiServerMetrics();
  readonly #flowController: FlowController | undefined;
  readonly #startedAt: number;
  readonly #writeSupport: WriteSupportLoader;
  readonly #customResources: CustomResourceExtension | undefined;
  readonly #aggregator: Aggregator | undefined;
  readonly #groups: ServedGroups;

  constructor(parts: ApiServerParts, config: ApiServerConfig) {
    this.#parts = parts;
    this.#config = config;
    const { clock, rand, tracer } = parts;
    const authentication = config.authentication(this.#registry);
    const authorizer = new UnionAuthorizer(config.authorizers(this.#registry));
    this.services = {
      clock,
      rand,
      tracer,
      settings: config.settings,
      registry: this.#registry,
      reader: this.#registry,
      authorizer,
      rules: config.rules(this.#registry),
      fieldManagerOf: async (definition, subresource = '') =>
        (await this.#writeSupport.load([definition.strategy, definition.status ?? {}]))
          .fieldManagersOf(definition)
          .of(subresource),
      tokens: authentication.tokens,
      tokenAuthenticator: authentication.tokenAuthenticator,
      etcdHealth: async () => {
        await parts.etcd.get({ key: '/registry/health' });
      },
      ...(config.kubeletTransport !== undefined && { kubeletTransport: config.kubeletTransport }),
      ...(config.dial !== undefined && { dial: config.dial }),
    };
    this.#writeSupport = new WriteSupportLoader({
      clock,
      admissionPlugins: () => config.admissionPlugins(this.services),
      definitions: () => this.#registry.definitions(),
    });
    for (const definition of config.resources) this.#install(definition, this.#context);
    this.#groups = new ServedGroups(config.groups);
    this.#customResources = this.#extension();
    this.#aggregator = this.#aggregation();
    this.#hooks = new PostStartHooks(
      [
        systemNamespaces,
        clusterAuthenticationInfo(config.clusterAuthentication),
        kubernetesService,
        ...bootstrapObjects(() => config.bootstrapObjects()),
        ...(config.priorityAndFairness ? [flowSchemaStatus] : []),
        legacyTokenTracking,
        serviceCIDR,
        autoregistration(config.groups),
      ],
      { clock, context: this.#context, registry: this.#registry, services: this.services },
    );
    this.#startedAt = clock.now();
    this.#nonResourcePaths = new NonResourcePaths({
      clock,
      config,
      authentication,
      registry: this.#registry,
      groups: this.#groups,
      aggregator: this.#aggregator,
      health: this.#healthChecks(),
      metricsText: () => this.#metrics.text(this.#metricsSource()),
    });
    void this.#sendBookmarks();
    const { compactionInterval = 0 } = config;
    if (compactionInterval > 0)
      void compactPeriodically(parts.etcd, clock, compactionInterval, this.#context);
    const { limits } = config;
    if (config.priorityAndFairness) {
      this.#flowController = new FlowController(clock, this.#registry, limits.readOnly + limits.mutating);
    }
    this.handle = buildHandlerChain((request) => this.#serve(request), {
      clock,
      // A request that changes nothing must not change the names of what is made later.
      rand: rand.fork('audit'),
      tracer,
      authenticator: new UnionAuthenticator(authentication.authenticators),
      authorizer,
      metrics: this.#metrics,
      limits,
      flowController: this.#flowController,
      audit: config.audit,
    });
  }

  /**
   * Resolves when the caches are filled and the server's own objects are there. With `resumed` it goes on for a
   * server that has made them.
   */
  async start({ resumed = false }: { readonly resumed?: boolean } = {}): Promise<void> {
    if (resumed) this.#hooks.resume();
    await Promise.all(this.#registry.stores().map(({ cacher }) => cacher.ready));
    await this.#aggregator?.start();
    await this.#customResources?.start();
    if (resumed) {
      // Others go on when time first moves, and write then.
      await this.#parts.clock.sleep(0, { context: this.#context });
      // Where that fails the first write tries again.
      await this.#writeSupport.fetch().catch(() => {});
    } else {
      await this.#writeSupport.fetch();
      await this.#hooks.run();
    }
    this.#hooks.keep();
  }

  /** One timer for the watches of all resources. */
  async #sendBookmarks(): Promise<void> {
    for (;;) {
      await this.#parts.clock.sleep(BOOKMARK_INTERVAL, { periodic: true, context: this.#context });
      if (this.#context.cancelled) return;
      for (const { cacher } of this.#registry.stores()) cacher.sendBookmarks();
    }
  }

  /** Ends all watches and the server's own. */
  stop(): void {
    this.#context.cancel();
  }

  #install(definition: ResourceDefinition, context: Context): GenericStore | undefined {
    const { clock, tracer } = this.#parts;
    const scope: RequestScope = {
      definition,
      services: this.services,
      encoder: definition.custom === undefined ? this.#encoder : new CustomObjectEncoder(definition.group),
      tables: new TableConvertor(definition, clock, { load: loadColumnTexts, describe }),
    };
    if (definition.virtual !== undefined) {
      this.#registry.add(definition, undefined);
      this.#resources.install(scope);
      return undefined;
    }
    const prefix = `/registry/${definition.storagePrefix}/`;
    const storage = new Etcd3Store(this.#parts.etcd, tracer, {
      prefix,
      fillDefaults: (object) => definition.strategy.fillDefaults?.(object),
      ...(definition.ttlSeconds !== undefined && {
        leases: new LeaseManager(this.#parts.etcd, clock, definition.ttlSeconds),
      }),
      transformer: this.#config.transformerOf?.(definition.group, definition.resource),
      ...definition.conversion,
      isCustom: definition.custom !== undefined,
      plain: definition.conversion && this.#plainStorages.get(prefix),
    });
    if (definition.conversion === undefined) this.#plainStorages.set(prefix, storage);
    const cacher = new Cacher(clock, storage, context, definition.trigger?.valueOf);
    const store = new GenericStore({ definition, storage, cacher, tracer, services: () => this.services });
    this.#registry.add(definition, store);
    const stored: StoredScope = { ...scope, store };
    this.#resources.install(stored);
    return store;
  }

  /** Groups of other servers, on a server that stores APIServices. */
  #aggregation(): Aggregator | undefined {
    const isServed = this.#config.resources.some(({ resource }) => resource === API_SERVICES.resource);
    return isServed
      ? new Aggregator(this.services, this.#registry.storeFor(API_SERVICES), this.#context)
      : undefined;
  }

  /** Custom resources, on a server that stores their definitions. */
  #extension(): CustomResourceExtension | undefined {
    const isServed = this.#config.resources.some(
      ({ group, resource }) => group === CRDS.group && resource === CRDS.resource,
    );
    if (!isServed) return undefined;
    return new CustomResourceExtension({
      clock: this.#parts.clock,
      context: this.#context,
      definitions: this.#registry.storeFor(CRDS),
      trackStatus: async (live, object, now) => {
        const fieldManager = await this.services.fieldManagerOf(
          this.#registry.storeFor(CRDS).definition,
          'status',
        );
        fieldManager.update(live, object, SERVER_MANAGER, now);
      },
      serve: (definitions, context) => {
        const stores = definitions.map((definition) => this.#install(definition, context)!);
        this.#updateGroups();
        return stores;
      },
      withdraw: (definitions) => {
        for (const definition of definitions) {
          this.#registry.remove(definition);
          this.#resources.remove(definition);
        }
        this.#updateGroups();
      },
    });
  }

  #updateGroups(): void {
    const custom = this.#groups.update(this.#registry.definitions());
    this.#aggregator?.serveCustom(custom);
  }

  /** What lies behind the chain: resources, discovery, health and the rest. */
  async #serve(request: ServerRequest): Promise<HttpResponse> {
    const { info } = request;
    const elsewhere = this.#aggregator?.answer(request);
    if (elsewhere !== undefined) return elsewhere;
    const isServed = info.isResourceRequest && this.#groups.serves(info.apiPrefix, info.group);
    if (isServed && (this.#groups.isBuiltin(info.group) || this.#resources.serves(info))) {
      return this.#resources.handle(request);
    }
    try {
      return await this.#nonResourcePaths.answer(request);
    } catch (error) {
      return respondError(request, error);
    }
  }

  #metricsSource(): MetricsSource {
    const stores = this.#registry.stores();
    const levels = [...(this.#flowController?.levels() ?? [])];
    return {
      startedAt: this.#startedAt,
      version: this.#config.version,
      gitCommit: this.#config.gitCommit,
      objectCounts: () =>
        stores.map(({ definition, cacher }) => [groupResourceText(definition), cacher.size]),
      priorityLevels: () =>
        levels.map(({ name, seats }) => ({
          name,
          executing: seats?.executing ?? 0,
          waiting: seats?.waiting ?? 0,
          seats: seats?.config.seats ?? 0,
        })),
    };
  }

  #healthChecks(): ReturnType<typeof healthChecks> {
    const registry = this.#registry;
    const context = this.#context;
    return healthChecks({
      etcd: () => this.services.etcdHealth(),
      get cachesReady() {
        return registry.stores().every(({ cacher }) => cacher.isReady);
      },
      get shuttingDown() {
        return context.cancelled;
      },
      hookFinished: (name) => this.#hooks.finished(name),
    });
  }
}
