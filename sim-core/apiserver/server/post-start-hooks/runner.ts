import { StatusError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { StoreRegistry } from '../../registry/generic/registry.ts';
import type { ServerServices } from '../../registry/rest/server-services.ts';
import type { Cacher } from '../../storage/cacher/cacher.ts';
import type { PostStartHook } from './hook.ts';

const RETRY_INTERVAL = 1_000;

/** What a server's hooks run with. */
export interface HookParts {
  readonly clock: Clock;
  /** Its end is the end of all hooks. */
  readonly context: Context;
  readonly registry: StoreRegistry;
  readonly services: ServerServices;
}

/** Runs a server's post-start hooks, and keeps what they made. Models genericapiserver.RunPostStartHooks. */
export class PostStartHooks {
  readonly #hooks: readonly PostStartHook[];
  readonly #parts: HookParts;
  readonly #unfinished: Set<string>;

  constructor(hooks: readonly PostStartHook[], parts: HookParts) {
    this.#hooks = hooks;
    this.#parts = parts;
    this.#unfinished = new Set(hooks.map(({ name }) => name));
  }

  /** Whether the hook of this name has done its work; readiness waits for it. */
  finished(name: string): boolean {
    return !this.#unfinished.has(name);
  }

  /** Takes all hooks as done, for a server that goes on where it was. */
  resume(): void {
    this.#unfinished.clear();
  }

  /** Resolves when every hook has run, one after another. */
  async run(): Promise<void> {
    for (const hook of this.#hooks) {
      await this.#run(hook);
      this.#unfinished.delete(hook.name);
    }
  }

  /** Begins to look after what hooks keep. */
  keep(): void {
    for (const hook of this.#hooks) if (hook.keeps !== undefined) this.#keep(hook, hook.keeps);
  }

  /** Runs a hook again at the end of its interval, if what it made may have changed meanwhile: nothing is due in an idle cluster. */
  #keep(hook: PostStartHook, { every, resources }: NonNullable<PostStartHook['keeps']>): void {
    const { clock } = this.#parts;
    const start = clock.now();
    let isDue = false;
    const look = () => {
      if (isDue) return;
      isDue = true;
      const delay = every === 0 ? 0 : every - ((clock.now() - start) % every);
      void clock.sleep(delay, { periodic: every > 0, context: this.#parts.context }).then(async () => {
        isDue = false;
        if (this.#parts.context.cancelled) return;
        try {
          await hook.run(this.#parts.services);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          await clock.sleep(RETRY_INTERVAL, { periodic: true, context: this.#parts.context });
          look();
        }
      });
    };
    for (const store of this.#parts.registry.stores()) {
      const { definition, cacher } = store;
      const isKept = resources.some(
        ({ group, resource }) => group === definition.group && resource === definition.resource,
      );
      const from = cacher.isReady ? cacher.revision : 0;
      if (isKept) void this.#follow(cacher, store.prefix(undefined), from, look);
    }
  }

  /** Calls back for whatever changes below a prefix from `revision` on; 0: for what is there as well. */
  async #follow(cacher: Cacher, prefix: string, revision: number, changed: () => void): Promise<void> {
    const options = { revision, sendInitialEvents: false, bookmarks: false };
    await cacher.watch({ prefix }, options, {
      record: changed,
      bookmark: () => {},
      end: () => {
        // What happened meanwhile nobody told.
        if (!this.#parts.context.cancelled) void this.#follow(cacher, prefix, 0, changed);
      },
    });
  }

  /** Runs a hook, again and again while etcd is away. */
  async #run(hook: PostStartHook): Promise<void> {
    while (!this.#parts.context.cancelled) {
      try {
        await hook.run(this.#parts.services);
        return;
      } catch (error) {
        if (!(error instanceof StatusError) || error.code < 500) throw error;
        await this.#parts.clock.sleep(RETRY_INTERVAL, { context: this.#parts.context });
      }
    }
  }
}
