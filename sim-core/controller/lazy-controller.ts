import type { BuiltInResource } from '../client-go/kubernetes/resources.ts';
import type { Controller, ControllerContext } from './controller-context.ts';

/**
 * Waits for the first object of one of `kinds`, then fetches the controller and runs it. Until then
 * there would be nothing for it to do: most clusters never have a CronJob, and a page need not
 * download what would look after one.
 */
export class LazyController implements Controller {
  readonly #context: ControllerContext;
  readonly #load: () => Promise<(context: ControllerContext) => Controller>;
  readonly #wanted: Promise<void>;

  constructor(
    context: ControllerContext,
    kinds: readonly BuiltInResource[],
    load: () => Promise<(context: ControllerContext) => Controller>,
  ) {
    this.#context = context;
    this.#load = load;
    this.#wanted = new Promise((resolve) => {
      for (const kind of kinds) context.informers.for(kind).addHandler({ onAdd: () => resolve() });
      context.context.onCancel(() => resolve());
    });
  }

  async run(): Promise<void> {
    const { clock, context, informers } = this.#context;
    await this.#wanted;
    if (context.cancelled) return;
    const start = await clock.outside(this.#load());
    if (context.cancelled) return;
    const controller = start(this.#context);
    const work = async () => {
      await informers.synced(context);
      await controller.run();
    };
    await Promise.all([informers.run(context), work()]);
  }
}
