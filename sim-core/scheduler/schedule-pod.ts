import type { Tracer } from '../apimachinery/trace.ts';
import type { Rand } from '../clock/rand.ts';
import type { SchedulerCache } from './cache/cache.ts';
import { FitError, NoNodesError } from './framework/fit-error.ts';
import type { FilterResult, Framework } from './framework/framework.ts';
import type { CycleState } from './framework/interface.ts';
import type { PodInfo } from './framework/node-info.ts';

/** Where a pod goes, or the error and what is known of each node. */
export type ScheduleResult =
  { readonly node: string } | { readonly error: FitError | NoNodesError; readonly state: CycleState };

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
  const state: CycleState = { pod, nodes: cache.nodes() };
  const result = framework.filterAll(state);
  const { feasible, refused } = result;
  if (feasible.length === 0) {
    trace(tracer, state, result, []);
    return {
      state,
      error: state.nodes.length === 0 ? new NoNodesError() : new FitError(state.nodes.length, refused),
    };
  }
  const scores = feasible.length === 1 ? [{}] : framework.score(state, feasible);
  const totals = scores.map((byPlugin) => Object.values(byPlugin).reduce((sum, score) => sum + score, 0));
  const best = Math.max(...totals);
  const equals = feasible.filter((_, index) => totals[index] === best);
  const node = equals[equals.length === 1 ? 0 : rand.int(equals.length)]!.name;
  trace(tracer, state, result, scores, node);
  return { node };
}

function trace(
  tracer: Tracer,
  { pod, nodes }: CycleState,
  { feasible, refused }: FilterResult,
  scores: readonly Record<string, number>[],
  node?: string,
): void {
  tracer.emit({
    type: 'scheduling',
    pod: { namespace: pod.pod.metadata!.namespace!, name: pod.pod.metadata!.name! },
    nodes: nodes.map(({ name }) => {
      const verdict = refused.get(name);
      return {
        name,
        ...(verdict !== undefined && {
          refused: { plugin: verdict.plugin, reason: verdict.reasons.join(', ') },
        }),
        scores: scores[feasible.findIndex((info) => info.name === name)] ?? {},
      };
    }),
    ...(node !== undefined && { node }),
  });
}
