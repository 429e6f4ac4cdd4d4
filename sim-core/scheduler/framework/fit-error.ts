import type { Refusal } from './interface.ts';

/** A refusal and the plugin that spoke it. */
export interface Verdict extends Refusal {
  readonly plugin: string;
}

/** What the filters said: of nodes, by name; or of the pod, before any node was looked at. */
export interface Diagnosis {
  readonly nodes: number;
  readonly refused: ReadonlyMap<string, Verdict>;
  /** Why no node will do; missing if nodes were looked at. */
  readonly preFilter?: Verdict | undefined;
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
  readonly diagnosis: Diagnosis;

  /** `postFilterMessage` is what preemption found; missing before it was tried. */
  constructor(diagnosis: Diagnosis, postFilterMessage = '') {
    const { nodes, refused, preFilter } = diagnosis;
    const reasons = preFilter === undefined ? countsText(refused) : preFilter.reasons.join(', ');
    let message = `0/${nodes} nodes are available:`;
    if (reasons !== '') message += ` ${reasons}.`;
    if (postFilterMessage !== '') message += ` ${postFilterMessage}.`;
    super(message);
    this.diagnosis = diagnosis;
  }

  /** The plugins whose refusals keep the pod from its place. */
  get refusedBy(): ReadonlySet<string> {
    const { refused, preFilter } = this.diagnosis;
    const plugins = new Set<string>();
    if (preFilter !== undefined) plugins.add(preFilter.plugin);
    for (const { plugin } of refused.values()) plugins.add(plugin);
    return plugins;
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
function countsText(refused: ReadonlyMap<string, Verdict>): string {
  const counts = new Map<string, number>();
  for (const { reasons } of refused.values()) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
