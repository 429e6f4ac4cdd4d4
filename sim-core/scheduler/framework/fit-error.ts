import type { Refusal } from './interface.ts';

/** A refusal and the plugin that spoke it. */
export interface Verdict extends Refusal {
  readonly plugin: string;
}

/**
 * No node fits. The message counts the reasons:
 *
 *     0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: …
 *
 * Models pkg/scheduler/framework FitError.
 */
export class FitError extends Error {
  override readonly name = 'FitError';
  /** By node name. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** What preemption found; missing before it was tried. */
  readonly postFilterMessage: string;

  constructor(nodes: number, verdicts: ReadonlyMap<string, Verdict>, postFilterMessage = '') {
    const reasons = reasonsText([...verdicts.values()].flatMap((verdict) => verdict.reasons));
    let message = `0/${nodes} nodes are available:`;
    if (reasons !== '') message += ` ${reasons}.`;
    if (postFilterMessage !== '') message += ` ${postFilterMessage}.`;
    super(message);
    this.verdicts = verdicts;
    this.postFilterMessage = postFilterMessage;
  }
}

/** There is not a single node. Models scheduler.ErrNoNodesAvailable. */
export class NoNodesError extends Error {
  override readonly name = 'NoNodesError';

  constructor() {
    super('no nodes available to schedule pods');
  }
}

/** "1 a, 2 b": how often each reason was given, in order of the texts. */
function reasonsText(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
