import { StatusError } from '../../apimachinery/status.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import type { CustomResourceDefinitionController } from './controller/crd-controller.ts';
import type { CustomResourceHost } from './controller/host.ts';

const RETRY_INTERVAL = 1_000;

/**
 * Watches the definitions of custom resources. What serves them is fetched with the first one: a cluster
 * without them does not pay for it.
 */
export class CustomResourceExtension {
  readonly #host: CustomResourceHost;
  readonly #module = new LazyModule(() => import('./controller/crd-controller.ts'));
  readonly #queue = new Set<string>();
  #controller: CustomResourceDefinitionController | undefined;
  #working: Promise<void> | undefined;

  constructor(host: CustomResourceHost) {
    this.#host = host;
  }

  /** Resolves when the definitions that are there already are served. */
  async start(): Promise<void> {
    await this.#watch();
    await this.#working;
  }

  async #watch(): Promise<void> {
    const { definitions, context } = this.#host;
    await definitions.cacher.watch(
      { prefix: definitions.prefix(undefined) },
      { revision: 0, sendInitialEvents: false, bookmarks: false },
      {
        record: ({ object }) => this.#enqueue(object.metadata.name!),
        bookmark: () => {},
        end: () => {
          if (!context.cancelled) void this.#watch();
        },
      },
    );
  }

  #enqueue(name: string): void {
    this.#queue.add(name);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    const { clock, context } = this.#host;
    const { CustomResourceDefinitionController } = await this.#module.load(clock);
    this.#controller ??= new CustomResourceDefinitionController(this.#host);
    while (!context.cancelled) {
      const [name] = this.#queue;
      if (name === undefined) return;
      this.#queue.delete(name);
      try {
        for (const next of await this.#controller.sync(name)) this.#queue.add(next);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (error.code === 404) continue;
        this.#queue.add(name);
        await clock.sleep(RETRY_INTERVAL, { context });
      }
    }
  }
}
