import type { Clock } from '../../clock/clock.ts';
import type { LazyModule } from '../../clock/lazy-module.ts';
import type { AdmissionPlugin } from '../admission/plugin.ts';
import type { WriteSupport } from '../endpoints/handlers/write-support.ts';
import { checks } from '../registry/checks.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import type { Needs } from '../registry/rest/strategy.ts';

export interface WriteSupportParts {
  readonly clock: Clock;
  admissionPlugins(): Promise<readonly AdmissionPlugin[]>;
  /** All that are served at the moment. */
  definitions(): readonly ResourceDefinition[];
}

/** Fetches what writes need, before the first that needs it; simulated time stands still meanwhile. */
export class WriteSupportLoader {
  readonly #parts: WriteSupportParts;
  #support: WriteSupport | undefined;
  #fetching: Promise<WriteSupport> | undefined;
  /** What writes have needed so far. */
  readonly #fetched = new Set<LazyModule<unknown>>();

  constructor(parts: WriteSupportParts) {
    this.#parts = parts;
  }

  /** What writes share, once all that a write needs has been fetched. */
  load(needs: readonly Needs[]): WriteSupport | Promise<WriteSupport> {
    const isFetched = (module: LazyModule<unknown>) => this.#fetched.has(module);
    if (this.#support !== undefined && needs.every((one) => one.needs?.every(isFetched) ?? true)) {
      return this.#support;
    }
    return this.#fetchNeeds(new Set(needs.flatMap((one) => one.needs ?? [])));
  }

  async #fetchNeeds(needs: ReadonlySet<LazyModule<unknown>>): Promise<WriteSupport> {
    const modules = Promise.all([...needs].map((module) => module.fetch()));
    const [support] = await Promise.all([this.#support ?? this.fetch(), this.#parts.clock.outside(modules)]);
    for (const module of needs) this.#fetched.add(module);
    return support;
  }

  /** What writes share, without what single kinds need. Rejects if it cannot be fetched; the next call tries again. */
  fetch(): Promise<WriteSupport> {
    return (this.#fetching ??= this.#parts.clock.outside(this.#make()));
  }

  async #make(): Promise<WriteSupport> {
    try {
      const [{ WriteSupport }, plugins] = await Promise.all([
        import(/* webpackChunkName: 'write' */ '../endpoints/handlers/write-support.ts'),
        this.#parts.admissionPlugins(),
        checks.generic.fetch(),
      ]);
      return (this.#support = new WriteSupport(plugins, () => this.#parts.definitions()));
    } catch (error) {
      this.#fetching = undefined;
      throw error;
    }
  }
}
