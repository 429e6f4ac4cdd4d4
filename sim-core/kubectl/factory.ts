import { headerValues, UrlError } from '../apimachinery/http.ts';
import { RestClient } from '../client-go/rest/client.ts';
import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import { GIT_COMMIT, KUBERNETES_VERSION } from '../version.ts';
import { clientConfig, currentNamespace, type ClientConfig } from './clientcmd/client-config.ts';
import { type Kubeconfig, loadKubeconfig } from './clientcmd/kubeconfig.ts';
import { type ParseYaml, YamlLibraryNeeded } from './clientcmd/kubeconfig-file.ts';
import type { ClientNetwork } from './clientcmd/network.ts';
import type { FlagSet } from './cobra/flags.ts';
import type { DiscoveryCache } from './discovery/cache.ts';
import { debuggingTransport } from './rest/debugging-transport.ts';
import { pathWithTimeout, timeoutTransport } from './rest/timeout-transport.ts';
import { Klog } from './rest/klog.ts';
import { RestMapper } from './resource/rest-mapper.ts';

/** How often kubectl asks for discovery before it gives up on a server that does not answer. */
const DISCOVERY_ATTEMPTS = 5;

/**
 * Makes what a verb needs on first use: the kubeconfig, a client, the mapper.
 * Models k8s.io/kubectl/pkg/cmd/util Factory.
 */
export class Factory {
  readonly #io: CommandIo;
  readonly #environment: CommandEnvironment;
  readonly #flags: FlagSet;
  readonly #network: ClientNetwork;
  readonly #cache: DiscoveryCache;
  readonly #commandPath: string;
  #kubeconfig: Kubeconfig | undefined;
  #config: ClientConfig | undefined;
  #client: RestClient | undefined;
  #mapper: RestMapper | undefined;
  #fresh = false;
  /** What was warned of: the same is not said twice. Models rest.NewWarningWriter with Deduplicate. */
  readonly #warnings = new Set<string>();
  #parseYaml: ParseYaml | undefined;
  readonly log: Klog;

  constructor(config: {
    io: CommandIo;
    environment: CommandEnvironment;
    flags: FlagSet;
    network: ClientNetwork;
    cache: DiscoveryCache;
    commandPath: string;
  }) {
    this.#io = config.io;
    this.#environment = config.environment;
    this.#flags = config.flags;
    this.#network = config.network;
    this.#cache = config.cache;
    this.#commandPath = config.commandPath;
    this.log = new Klog({
      verbosity: config.flags.number('v'),
      clock: config.environment.clock,
      pid: config.environment.machine.processes.list().at(-1)?.pid ?? 1,
      write: (text) => config.io.stderr(text),
    });
  }

  /** Reads the kubeconfig, with the YAML library if a file wants it. Comes before all else. */
  async load(): Promise<void> {
    try {
      loadKubeconfig(this.#loadingRules());
    } catch (error) {
      // What else is wrong with the files is said when they are needed.
      if (!(error instanceof YamlLibraryNeeded)) return;
      const { clock } = this.#environment;
      this.#parseYaml = (await clock.outside(import('./clientcmd/kubeconfig-yaml.ts'))).parseKubeconfig;
    }
  }

  #loadingRules() {
    const { machine, cwd, variables } = this.#environment;
    return { files: machine.files, cwd, variables, explicitPath: this.#flags.string('kubeconfig') };
  }

  /** `mayBeMissing`: a file that was named and is not there is an empty one. */
  kubeconfig({ mayBeMissing = false } = {}): Kubeconfig {
    if (this.#kubeconfig === undefined) {
      const rules = { ...this.#loadingRules(), mayBeMissing };
      this.#kubeconfig = loadKubeconfig(rules, this.#parseYaml);
      if (this.log.verbosity >= 6) {
        for (const path of this.#kubeconfig.files)
          this.log.infoLine('loader.go:407', `Config loaded from file:  ${path}`);
      }
    }
    return this.#kubeconfig;
  }

  /** The same factory for another namespace; "" leaves it as it is. */
  inNamespace(namespace: string): Factory {
    if (namespace === '') return this;
    const flags = this.#flags.with('namespace', namespace);
    const other = new Factory({
      io: this.#io,
      environment: this.#environment,
      flags,
      network: this.#network,
      cache: this.#cache,
      commandPath: this.#commandPath,
    });
    other.#parseYaml = this.#parseYaml;
    return other;
  }

  /** The namespace in force, and whether a flag set it. */
  namespace(): { readonly namespace: string; readonly explicit: boolean } {
    return currentNamespace(this.kubeconfig(), this.#flags);
  }

  clientConfig(): ClientConfig {
    this.#config ??= clientConfig(this.kubeconfig(), this.#flags, this.#environment.machine.files);
    return this.#config;
  }

  client(): RestClient {
    if (this.#client === undefined) {
      const { server, tls, bearerToken, timeout } = this.clientConfig();
      const { machine, clock } = this.#environment;
      const network = this.#network.transport(machine, server, tls);
      const timed = timeoutTransport(network, timeout, clock);
      const transport = debuggingTransport(timed, server, this.log, clock);
      const user = this.#flags.string('as');
      this.#client = new RestClient({
        host: server,
        userAgent: `kubectl/${KUBERNETES_VERSION} (linux/amd64) kubernetes/${GIT_COMMIT.slice(0, 7)}`,
        transport: async (request) => {
          const response = await transport({
            ...request,
            path: pathWithTimeout(request.path, timeout),
            remoteAddress: machine.address,
            headers: { ...request.headers, 'kubectl-command': this.#commandPath },
          });
          for (const warning of headerValues(response.headers, 'warning')) this.#warnOf(warning);
          return response;
        },
        ...(bearerToken !== undefined && { bearerToken }),
        ...(user !== '' && {
          impersonate: {
            user,
            uid: this.#flags.string('as-uid'),
            groups: this.#flags.list('as-group'),
            extra: extraOf(this.#flags.list('as-user-extra')),
          },
        }),
      });
    }
    return this.#client;
  }

  /** What the server serves, from the cache of earlier runs if it is not old. */
  async mapper(): Promise<RestMapper> {
    this.#mapper ??= new RestMapper(await this.#discover());
    return this.#mapper;
  }

  /** Looks `find` up; if the cache does not know, asks the server again, as kinds may be new. */
  async lookup<T>(find: (mapper: RestMapper) => T): Promise<T> {
    const mapper = await this.mapper();
    try {
      return find(mapper);
    } catch (error) {
      if (this.#fresh) throw error;
      this.invalidateDiscovery();
      return find(await this.mapper());
    }
  }

  invalidateDiscovery(): void {
    this.#cache.drop(this.#cacheKey());
    this.#mapper = undefined;
  }

  #cacheKey(): string {
    return `${this.#environment.machine.hostname} ${this.clientConfig().server}`;
  }

  async #discover() {
    const key = this.#cacheKey();
    const cached = this.#cache.get(key, this.#environment.clock.now());
    if (cached !== undefined) return cached;
    for (let attempt = 1; ; attempt++) {
      try {
        const resources = await this.#cache.fetch(key, this.client(), this.#environment.clock);
        this.#fresh = true;
        return resources;
      } catch (error) {
        if (!(error instanceof UrlError)) throw error;
        const message = `couldn't get current server API group list: ${error.message}`;
        this.log.error('memcache.go:265', 'Unhandled Error', message);
        if (attempt === DISCOVERY_ATTEMPTS) throw error;
      }
    }
  }

  /** How many different warnings the server gave. */
  get warningCount(): number {
    return this.#warnings.size;
  }

  warn(text: string): void {
    if (this.#warnings.has(text)) return;
    this.#warnings.add(text);
    this.#io.stderr(`Warning: ${text}\n`);
  }

  /** A warning header as kubectl shows it: `299 - "text"`. */
  #warnOf(header: string): void {
    const text = /^\d{3} \S+ ("(?:[^"\\]|\\.)*")/.exec(header)?.[1];
    if (text !== undefined) this.warn(text.slice(1, -1).replace(/\\(.)/g, '$1'));
  }
}

/** `--as-user-extra=scopes=a --as-user-extra=scopes=b`: values by key. */
function extraOf(pairs: readonly string[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const pair of pairs) {
    const [key = '', ...value] = pair.split('=');
    (extra[key] ??= []).push(value.join('='));
  }
  return extra;
}
