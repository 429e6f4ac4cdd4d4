import type { Toleration } from 'kubernetes-types/core/v1';
import {
  findUntoleratedTaint,
  toleratesTaint,
} from '../../../client-go/component-helpers/scheduling/tolerations.ts';
import { becomesAcceptable, normalizeScores, type Plugin } from '../../framework/interface.ts';

const BARRING = ['NoSchedule', 'NoExecute'];

/**
 * Refuses nodes with taints that the pod does not tolerate, and prefers nodes with few soft ones.
 * Models pkg/scheduler/framework/plugins/tainttoleration.
 */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter({ pod }, { node }) {
    const taint = findUntoleratedTaint(node?.spec?.taints ?? [], pod.pod.spec?.tolerations ?? [], BARRING);
    if (taint === undefined) return undefined;
    return {
      code: 'UnschedulableAndUnresolvable',
      reasons: [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`],
    };
  },
  score({ pod }, { node }) {
    const tolerations = (pod.pod.spec?.tolerations ?? []).filter(mayBeSoft);
    return (node?.spec?.taints ?? []).filter(
      (taint) =>
        taint.effect === 'PreferNoSchedule' &&
        !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
    ).length;
  },
  normalize: (scores) => normalizeScores(scores, true),
  mayHelp: (pod, event) =>
    becomesAcceptable(
      event,
      (node) =>
        findUntoleratedTaint(node.spec?.taints ?? [], pod.spec?.tolerations ?? [], BARRING) === undefined,
    ),
};

const mayBeSoft = ({ effect }: Toleration) => !effect || effect === 'PreferNoSchedule';
