import { deepCopy, deepEqual } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';

/**
 * Mutating plugins run a second time if a policy or a webhook changed what others have seen already. Of
 * policies and webhooks only those run again that ask for it.
 *
 * Models k8s.io/apiserver/pkg/admission/reinvocation.go.
 */
export class ReinvocationContext {
  /** This is the second time. */
  isReinvoke = false;
  /** Somebody asks for a second time. */
  shouldReinvoke = false;
  readonly #memories = new Map<string, InvocationMemory>();

  /** What a plugin remembers of the first time. */
  memoryOf(plugin: string): InvocationMemory {
    let memory = this.#memories.get(plugin);
    if (memory === undefined) this.#memories.set(plugin, (memory = new InvocationMemory(this)));
    return memory;
  }
}

/** Models webhook/mutating/reinvocationcontext.go and policy/mutating/reinvocationcontext.go. */
export class InvocationMemory {
  readonly #context: ReinvocationContext;
  readonly #invoked = new Set<string>();
  readonly #again = new Set<string>();
  #lastOutput: KubeObject | undefined;

  constructor(context: ReinvocationContext) {
    this.#context = context;
  }

  /** Before the plugin's hooks run: others may have changed the object since. */
  begin(object: KubeObject | undefined): void {
    if (this.#context.isReinvoke && !deepEqual(this.#lastOutput, object)) this.#requireAgain();
  }

  /** After they ran. */
  end(object: KubeObject | undefined): void {
    this.#lastOutput = deepCopy(object);
  }

  /** False for a hook that has nothing to do the second time. */
  mayRun(hook: string): boolean {
    return !this.#context.isReinvoke || this.#again.has(hook);
  }

  /** A hook ran; `changed` says that it changed the object, `again` that it wants to see later changes. */
  ran(hook: string, changed: boolean, again: boolean): void {
    if (changed) {
      this.#requireAgain();
      this.#context.shouldReinvoke = true;
    }
    if (again) this.#invoked.add(hook);
  }

  #requireAgain(): void {
    for (const hook of this.#invoked) this.#again.add(hook);
    this.#invoked.clear();
  }
}
