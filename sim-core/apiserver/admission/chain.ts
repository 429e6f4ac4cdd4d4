import { deepCopy, deepEqual } from '../../apimachinery/copy.ts';
import { diff } from '../../apimachinery/patch/diff.ts';
import type { PatchOperation, RequestTraceEvent } from '../../apimachinery/trace.ts';
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';
import { ReinvocationContext } from './reinvocation.ts';

/** Takes the verdicts of one request's admission. */
export type TraceAdmission = (event: RequestTraceEvent) => void;

/**
 * All admission plugins in their order.
 * Models k8s.io/apiserver/pkg/admission/chain.go, with a trace of what each one changed.
 */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  /**
   * Runs the mutating plugins, twice if one asks for it; they change `attributes.object`. Rejects as the
   * first one that refuses.
   */
  async admit(attributes: AdmissionAttributes, trace: TraceAdmission): Promise<void> {
    const reinvocation = new ReinvocationContext();
    const once = { ...attributes, reinvocation };
    await this.#admitOnce(once, trace);
    if (!reinvocation.shouldReinvoke) return;
    reinvocation.isReinvoke = true;
    await this.#admitOnce(once, trace);
  }

  async #admitOnce(attributes: AdmissionAttributes, trace: TraceAdmission): Promise<void> {
    let before = deepCopy(attributes.object);
    for (const plugin of this.#plugins) {
      if (plugin.admit === undefined || !plugin.handles(attributes.operation)) continue;
      await this.#run(
        'mutating',
        plugin,
        () => plugin.admit!(attributes),
        trace,
        () => {
          if (deepEqual(before, attributes.object)) return [];
          const patch = diff(before, attributes.object);
          before = deepCopy(attributes.object);
          return patch;
        },
      );
    }
  }

  /** Runs the validating plugins. Rejects as the first one that refuses. */
  async validate(attributes: AdmissionAttributes, trace: TraceAdmission): Promise<void> {
    for (const plugin of this.#plugins) {
      if (plugin.validate === undefined || !plugin.handles(attributes.operation)) continue;
      await this.#run(
        'validating',
        plugin,
        () => plugin.validate!(attributes),
        trace,
        () => [],
      );
    }
  }

  async #run(
    phase: 'mutating' | 'validating',
    { name }: AdmissionPlugin,
    run: () => Promise<void>,
    trace: TraceAdmission,
    patchOf: () => readonly PatchOperation[],
  ): Promise<void> {
    try {
      await run();
    } catch (error) {
      trace({ type: 'admission-failed', phase, plugin: name, message: (error as Error).message });
      throw error;
    }
    trace({ type: 'admission', phase, plugin: name, patch: patchOf() });
  }
}
