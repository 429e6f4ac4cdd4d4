import type { HttpResponse } from '../../apimachinery/http.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import type { Context } from '../../clock/context.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import { API_SERVER_USER, SYSTEM_PRIVILEGED_GROUP } from '../authentication/user.ts';
import { compareVersions } from '../endpoints/discovery/version-order.ts';
import type { ServerRequest } from '../endpoints/request.ts';
import type { GenericStore } from '../registry/generic/store.ts';
import type { RequestContext } from '../registry/rest/object-store.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import type { ServerServices } from '../registry/rest/server-services.ts';
import type { ApiGroup } from '../server/config.ts';
import { ensureObject } from '../server/post-start-hooks/hook.ts';
import { AUTOMANAGED, customService } from './local-services.ts';
import type { RemoteApiServices } from './remote.ts';

export const API_SERVICES = { group: 'apiregistration.k8s.io', resource: 'apiservices' };
const RETRY_INTERVAL = 1_000;

/** An APIService whose group another server answers. */
export interface RemoteApiService extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly version: string;
    readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
    readonly caBundle?: string;
    readonly insecureSkipTLSVerify?: boolean;
  };
}

/**
 * Knows which groups other servers answer, brings requests to those, and keeps an APIService for each group of
 * custom resources. What talks to other servers is fetched with the first of them.
 *
 * Models k8s.io/kube-aggregator/pkg/apiserver.
 */
export class Aggregator {
  readonly #services: ServerServices;
  readonly #store: GenericStore;
  readonly #context: Context;
  readonly #module = new LazyModule(() => import('./remote.ts'));
  readonly #remote = new Map<string, RemoteApiService>();
  readonly #custom = new Set<string>();
  readonly #jobs: (() => Promise<void>)[] = [];
  #servers: RemoteApiServices | undefined;
  #working = false;

  constructor(services: ServerServices, store: GenericStore, context: Context) {
    this.#services = services;
    this.#store = store;
    this.#context = context;
  }

  /** Resolves when the APIServices that are there already are known. */
  async start(): Promise<void> {
    await this.#store.cacher.watch(
      { prefix: this.#store.prefix(undefined) },
      { revision: 0, sendInitialEvents: false, bookmarks: false },
      {
        record: ({ type, object }) => this.#changed(object, type === 'DELETED'),
        bookmark: () => {},
        end: () => {
          if (!this.#context.cancelled) void this.start();
        },
      },
    );
  }

  /** The groups that other servers answer, newest version first. */
  groups(): readonly ApiGroup[] {
    const versions = new Map<string, string[]>();
    for (const { spec } of this.#remote.values()) {
      versions.set(spec.group, [...(versions.get(spec.group) ?? []), spec.version]);
    }
    return [...versions].map(([name, known]) => ({ name, versions: known.sort(compareVersions) }));
  }

  /** What the other servers said that they serve, for discovery. */
  definitions(): readonly ResourceDefinition[] {
    return [...this.#remote.keys()].flatMap((name) => this.#servers?.definitionsOf(name) ?? []);
  }

  /** The answer of another server; undefined for a group that this one answers. */
  answer(request: ServerRequest): Promise<HttpResponse> | undefined {
    if (this.#remote.size === 0) return undefined;
    const [, prefix, group = '', version = ''] = request.path.split('/');
    if (prefix !== 'apis') return undefined;
    const service = this.#remote.get(`${version}.${group}`);
    if (service === undefined) return undefined;
    return this.#module
      .load(this.#services.clock)
      .then(({ proxy }) => proxy(request, service, this.#services));
  }

  /** Keeps one APIService for each version of these groups, and none for those that went. */
  serveCustom(groups: readonly ApiGroup[]): void {
    const wanted = new Map<string, KubeObject>(
      groups.flatMap(({ name, versions }) =>
        versions.map((version) => [`${version}.${name}`, customService(name, version)] as const),
      ),
    );
    for (const [name, object] of wanted) {
      if (this.#custom.has(name)) continue;
      this.#custom.add(name);
      this.#do(() => ensureObject(this.#services, API_SERVICES, object));
    }
    for (const name of [...this.#custom]) {
      if (wanted.has(name)) continue;
      this.#custom.delete(name);
      this.#do(() => this.#removeCustom(name));
    }
  }

  async #removeCustom(name: string): Promise<void> {
    const context = this.#requestContext();
    const found = await this.#store.get(name, context);
    if (found.metadata.labels?.[AUTOMANAGED] === 'true') await this.#store.delete(name, {}, context);
  }

  #changed(object: KubeObject, deleted: boolean): void {
    const name = object.metadata.name!;
    if (deleted || !object['spec']?.service) {
      if (this.#remote.delete(name)) this.#servers?.forget(name);
      return;
    }
    this.#remote.set(name, object as RemoteApiService);
    this.#do(async () => {
      const { RemoteApiServices } = await this.#module.load(this.#services.clock);
      this.#servers ??= new RemoteApiServices({
        services: this.#services,
        store: this.#store,
        context: this.#context,
        current: () => [...this.#remote.values()],
        requestContext: () => this.#requestContext(),
      });
      await this.#servers.check(name);
    });
  }

  #do(job: () => Promise<void>): void {
    this.#jobs.push(job);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (!this.#context.cancelled) {
      const [job] = this.#jobs;
      if (job === undefined) break;
      try {
        await job();
        this.#jobs.shift();
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (error.code < 500) this.#jobs.shift();
        else await this.#services.clock.sleep(RETRY_INTERVAL, { context: this.#context });
      }
    }
    this.#working = false;
  }

  #requestContext(): RequestContext {
    return {
      user: { name: API_SERVER_USER, groups: [SYSTEM_PRIVILEGED_GROUP] },
      namespace: '',
      now: this.#services.clock.now(),
      warn: () => {},
      requestId: undefined,
      dryRun: false,
    };
  }
}
