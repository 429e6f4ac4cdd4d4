import type { Taint } from 'kubernetes-types/core/v1';
import { toleratesTaint } from '../../../client-go/component-helpers/scheduling/tolerations.ts';
import { becomesAcceptable, type Plugin } from '../../framework/interface.ts';

const TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Refuses cordoned nodes. Models pkg/scheduler/framework/plugins/nodeunschedulable. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter({ pod }, { node }) {
    if (!node?.spec?.unschedulable) return undefined;
    const tolerated = pod.pod.spec?.tolerations?.some((toleration) => toleratesTaint(toleration, TAINT));
    if (tolerated) return undefined;
    return { code: 'UnschedulableAndUnresolvable', reasons: ['node(s) were unschedulable'] };
  },
  mayHelp: (_, event) => becomesAcceptable(event, (node) => !node.spec?.unschedulable),
};
