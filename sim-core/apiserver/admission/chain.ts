import { deepCopy, deepCopySince } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { diff } from '../../apimachinery/patch/diff.ts';
import type { RequestTraceEvent } from '../../apimachinery/trace.ts';
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';
import { ReinvocationContext } from './reinvocation.ts';

/** Takes the verdicts of one request's admission. */
export type TraceAdmission = (event: RequestTraceEvent) => void;

/** The phases, and what of a plugin runs in each. */
const RUN = { mutating: 'admit', validating: 'validate' } as const;
type Phase = keyof typeof RUN;

/** One plugin's turn with one kind of request. */
interface Step {
  readonly phase: Phase;
  readonly plugin: AdmissionPlugin;
  /** False if it has nothing to do with the resource: it is passed without being asked. */
  readonly looks: boolean;
  /** The verdict of a plugin that let the object through as it was. */
  readonly unchanged: RequestTraceEvent;
}

/**
 * All admission plugins in their order.
 * Models k8s.io/apiserver/pkg/admission/chain.go, with a trace of what each one changed.
 */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #steps = new Map<string, readonly Step[]>();

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
    /** The object as the plugins so far left it, once one comes that may change it. */
    let before: KubeObject | undefined;
    for (const step of this.#stepsFor('mutating', attributes)) {
      const { plugin, unchanged } = step;
      const applies = isConcerned(step, attributes);
      if (applies === false || !(applies === true || (await applies))) {
        trace(unchanged);
        continue;
      }
      if (plugin.mutates !== false) before ??= deepCopy(attributes.object);
      await run(step, attributes, trace);
      const after = plugin.mutates === false ? before : deepCopySince(attributes.object, before);
      if (after === before) {
        trace(unchanged);
        continue;
      }
      const patch = diff(before, after);
      trace({ type: 'admission', phase: 'mutating', plugin: plugin.name, patch });
      before = after;
    }
  }

  /** Runs the validating plugins. Rejects as the first one that refuses. */
  async validate(attributes: AdmissionAttributes, trace: TraceAdmission): Promise<void> {
    for (const step of this.#stepsFor('validating', attributes)) {
      const applies = isConcerned(step, attributes);
      if (applies === true || (applies !== false && (await applies))) await run(step, attributes, trace);
      trace(step.unchanged);
    }
  }

  /** What each plugin has to do with a kind of request is found out once. */
  #stepsFor(
    phase: Phase,
    { operation, resource: { group, resource }, subresource }: AdmissionAttributes,
  ): readonly Step[] {
    const object = `${group}/${resource}`;
    const wanted = subresource === '' ? [object] : [`${object}/${subresource}`, `${object}/*`];
    const key = `${phase} ${operation} ${wanted[0]!}`;
    let steps = this.#steps.get(key);
    if (steps === undefined) {
      steps = this.#plugins
        .filter((plugin) => plugin[RUN[phase]] !== undefined && plugin.handles(operation))
        .map((plugin) => ({
          phase,
          plugin,
          looks: plugin.resources?.some((resource) => wanted.includes(resource)) ?? true,
          unchanged: { type: 'admission', phase, plugin: plugin.name, patch: [] },
        }));
      this.#steps.set(key, steps);
    }
    return steps;
  }
}

/** Most plugins know at once: nobody waits for them. */
function isConcerned({ plugin, looks }: Step, attributes: AdmissionAttributes): boolean | Promise<boolean> {
  return looks && (plugin.applies?.(attributes) ?? true);
}

async function run(
  { phase, plugin }: Step,
  attributes: AdmissionAttributes,
  trace: TraceAdmission,
): Promise<void> {
  try {
    await plugin[RUN[phase]]!(attributes);
  } catch (error) {
    trace({ type: 'admission-failed', phase, plugin: plugin.name, message: (error as Error).message });
    throw error;
  }
}
