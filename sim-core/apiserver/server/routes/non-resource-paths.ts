import type { HttpResponse } from '../../../apimachinery/http.ts';
import { genericNotFoundError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Aggregator } from '../../aggregator/aggregator.ts';
import { discover } from '../../endpoints/discovery/discovery.ts';
import { acceptOf, requireRoute } from '../../endpoints/handlers/negotiation.ts';
import { respondError, respondText } from '../../endpoints/handlers/response-writer.ts';
import { requireGet } from '../../endpoints/handlers/scope.ts';
import type { OpenApiService } from '../../endpoints/openapi/service.ts';
import type { ServerRequest } from '../../endpoints/request.ts';
import type { StoreRegistry } from '../../registry/generic/registry.ts';
import type { ApiServerConfig, AuthenticationConfig } from '../config.ts';
import type { HealthCheck } from '../healthz/healthz.ts';
import { answerHealth } from '../healthz/healthz.ts';
import type { ServedGroups } from '../served-groups.ts';
import { indexText } from './index.ts';
import { openIdMetadata } from './openid-metadata.ts';
import { versionText } from './version.ts';

/** The parts of a server that its paths beside resources tell of. */
export interface NonResourceParts {
  readonly clock: Clock;
  readonly config: ApiServerConfig;
  readonly authentication: AuthenticationConfig;
  readonly registry: StoreRegistry;
  readonly groups: ServedGroups;
  readonly aggregator: Aggregator | undefined;
  /** The checks of each health endpoint, by its name. */
  readonly health: Readonly<Record<string, readonly HealthCheck[]>>;
  metricsText(): string;
}

/**
 * Discovery, health, /version, /metrics, /openapi and the rest that is no resource.
 * Models what k8s.io/apiserver/pkg/server installs in its NonGoRestfulMux, and its not-found handler.
 */
export class NonResourcePaths {
  readonly #parts: NonResourceParts;
  /** Fetched when somebody asks for it. */
  #openApi: OpenApiService | undefined;

  constructor(parts: NonResourceParts) {
    this.#parts = parts;
  }

  /** Answers any path, with 404 for one that there is not. Rejects with a StatusError. */
  async answer(request: ServerRequest): Promise<HttpResponse> {
    const { path } = request;
    const { config, authentication, registry, groups, aggregator, health } = this.#parts;
    const { version, gitCommit, settings } = config;
    const answer =
      discover(request, {
        groups: () => [...groups.all, ...(aggregator?.groups() ?? [])],
        definitions: () => [...registry.definitions(), ...(aggregator?.definitions() ?? [])],
        serverAddress: `${settings.advertiseAddress}:${settings.securePort}`,
      }) ?? (await answerHealth(request, health));
    if (answer !== undefined) return answer;
    if (path === '/version' || path === '/version/') {
      requireGet(request);
      requireRoute(acceptOf(request), ['application/json']);
      return json(versionText(version, gitCommit));
    }
    const metadata = await openIdMetadata(request, settings, authentication);
    if (metadata !== undefined) return metadata;
    if (path === '/metrics') return metrics(request, () => this.#parts.metricsText());
    if (path.startsWith('/openapi/')) {
      const openApi = await this.#openApiService();
      return (await openApi.answer(request)) ?? respondText(404, '404 page not found\n');
    }
    if (path === '/' || path === '/index.html') return json(indexText(groups.all, healthPaths(health)));
    return this.#notFound(request);
  }

  async #openApiService(): Promise<OpenApiService> {
    const { clock, config, registry, groups } = this.#parts;
    const { OpenApiService } = await clock.outside(import('../../endpoints/openapi/service.ts'));
    return (this.#openApi ??= new OpenApiService({
      clock,
      version: config.version,
      groups: () => groups.all,
      definitions: () => registry.definitions(),
    }));
  }

  /** Below a built-in group's path the answer is a Status. */
  #notFound(request: ServerRequest): HttpResponse {
    const { groups } = this.#parts;
    const [prefix = '', name = ''] = request.path.slice(1).split('/');
    const group = prefix === 'apis' ? name : '';
    return groups.serves(prefix, group) && groups.isBuiltin(group)
      ? respondError(request, genericNotFoundError())
      : respondText(404, '404 page not found\n');
  }
}

function healthPaths(health: NonResourceParts['health']): readonly string[] {
  return Object.entries(health).flatMap(([endpoint, checks]) => [
    `/${endpoint}`,
    ...checks.map(({ name }) => `/${endpoint}/${name}`),
  ]);
}

/** Models server/routes/metrics.go MetricsWithReset; what is counted here is not reset. */
function metrics({ http }: ServerRequest, text: () => string): HttpResponse {
  if (http.method === 'DELETE') {
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'metrics reset\n' };
  }
  const type = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';
  return { status: 200, headers: { 'content-type': type }, body: text() };
}

function json(body: string): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
