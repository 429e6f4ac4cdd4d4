import type { Tracer } from '../apimachinery/trace.ts';
import type { Rand } from '../clock/rand.ts';
import type { SchedulerCache } from './cache/cache.ts';
import { CycleState } from './framework/cycle-state.ts';
import { FitError, NoNodesError } from './framework/fit-error.ts';
import type { FilterResult, Framework, PluginScores } from './framework/framework.ts';
import type { PodInfo } from './framework/node-info.ts';

/** Where a pod goes, or the error and what is known of each node. */
export type ScheduleResult = { readonly state: CycleState } & (
  { readonly node: string } | { readonly error: FitError | NoNodesError }
);

/** A trace tells of so many nodes at most. */
const MAX_TRACED_NODES = 100;

/**
 * Finds the node for a pod: filters, scores, and draws among the best. Tells the tracer.
 *
 * Models pkg/scheduler/schedule_one.go schedulePod.
 */
export function schedulePod(
  framework: Framework,
  cache: SchedulerCache,
  rand: Rand,
  tracer: Tracer,
  pod: PodInfo,
): ScheduleResult {
  const state = new CycleState(pod, cache.nodes());
  const result = framework.filterAll(state);
  const { feasible } = result;
  if (feasible.length === 0) {
    trace(tracer, state, result, []);
    return { state, error: state.nodes.length === 0 ? new NoNodesError() : new FitError(result) };
  }
  const table = feasible.length === 1 ? [] : framework.score(state, feasible);
  const totals = new Array<number>(feasible.length).fill(0);
  for (const { scores } of table)
    for (let index = 0; index < totals.length; index++) totals[index]! += scores[index]!;
  const best = totals.reduce((most, total) => Math.max(most, total));
  const equals = feasible.filter((_, index) => totals[index] === best);
  const node = equals[equals.length === 1 ? 0 : rand.int(equals.length)]!.name;
  trace(tracer, state, result, table, node);
  return { state, node };
}

/** Tells which filter refused each node, and every score of the others. */
function trace(
  tracer: Tracer,
  { pod, nodes }: CycleState,
  { looked, feasible, refused, preFilter }: FilterResult,
  table: readonly PluginScores[],
  node?: string,
): void {
  const omitted = nodes.length - Math.min(looked.length, MAX_TRACED_NODES);
  tracer.emit({
    type: 'scheduling',
    pod: { namespace: pod.pod.metadata!.namespace!, name: pod.pod.metadata!.name! },
    // Put together for who looks.
    get nodes() {
      const rank = new Map(feasible.map(({ name }, index) => [name, index]));
      const shown = looked.slice(0, MAX_TRACED_NODES);
      const chosen = feasible.find(({ name }) => name === node);
      if (chosen !== undefined && !shown.includes(chosen)) shown[shown.length - 1] = chosen;
      return shown.map(({ name }) => {
        const verdict = preFilter ?? refused.get(name);
        const index = rank.get(name);
        return {
          name,
          ...(verdict !== undefined && {
            refused: {
              plugin: verdict.plugin,
              reason: verdict.reasons.join(', ') || `node(s) didn't satisfy plugin(s) [${verdict.plugin}]`,
            },
          }),
          scores:
            index === undefined
              ? {}
              : Object.fromEntries(table.map(({ plugin, scores }) => [plugin, scores[index]!])),
        };
      });
    },
    ...(omitted > 0 && { omitted }),
    ...(node !== undefined && { node }),
  });
}
