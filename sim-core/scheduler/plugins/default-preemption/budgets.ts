import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { labelSelectorAsSelector } from '../../../apimachinery/labels/selector.ts';
import type { PodInfo } from '../../framework/node-info.ts';

/**
 * Which of the pods could not go without breaking a PodDisruptionBudget, if they went in this order.
 * Models filterPodsWithPDBViolation.
 */
export function splitByBudgets(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: PodInfo[]; readonly others: PodInfo[] } {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const selectors = budgets.map(({ spec }) => labelSelectorAsSelector(spec?.selector));
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const info of pods) {
    const { namespace, labels, name } = info.pod.metadata!;
    let isViolating = false;
    for (const [index, budget] of budgets.entries()) {
      const selector = selectors[index]!;
      if (budget.metadata!.namespace !== namespace || selector.empty || !selector.matches(labels)) continue;
      // Its eviction was granted already.
      if (budget.status?.disruptedPods?.[name!] !== undefined) continue;
      allowed[index]!--;
      if (allowed[index]! < 0) isViolating = true;
    }
    (isViolating ? violating : others).push(info);
  }
  return { violating, others };
}
