import type { Context } from '../../clock/context.ts';

/** Resolves when Ctrl-C or a kill ends the command. */
export function untilCancelled(context: Context): Promise<void> {
  return new Promise((resolve) => void context.onCancel(() => resolve()));
}
