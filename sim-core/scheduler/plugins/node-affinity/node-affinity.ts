import type { NodeSelectorTerm, Pod } from 'kubernetes-types/core/v1';
import {
  matchesNodeSelectorTerm,
  matchesRequiredNodeAffinity,
} from '../../../client-go/component-helpers/scheduling/node-affinity.ts';
import { becomesAcceptable, normalizeScores, type Plugin } from '../../framework/interface.ts';

/** nodeSelector and node affinity. Models pkg/scheduler/framework/plugins/nodeaffinity. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  preFilter({ pod: { pod } }) {
    const { nodeSelector, affinity } = pod.spec ?? {};
    const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (terms === undefined && Object.keys(nodeSelector ?? {}).length === 0) return { skip: true };
    if (terms === undefined || terms.length === 0) return undefined;
    const names = new Set<string>();
    for (const term of terms) {
      const named = namesIn(term);
      if (named === undefined) return undefined;
      for (const name of named) names.add(name);
    }
    if (names.size > 0) return { names };
    const reasons = ['pod affinity terms conflict'];
    return { refusal: { code: 'UnschedulableAndUnresolvable', reasons } };
  },
  filter({ pod }, { node }) {
    if (node !== undefined && matchesRequiredNodeAffinity(pod.pod, node)) return undefined;
    return {
      code: 'UnschedulableAndUnresolvable',
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    };
  },
  preScore: ({ pod }) => preferredTerms(pod.pod).length > 0,
  score({ pod }, { node }) {
    let score = 0;
    for (const { weight, preference } of preferredTerms(pod.pod)) {
      if (weight !== 0 && matchesNodeSelectorTerm(preference, node!)) score += weight;
    }
    return score;
  },
  normalize: (scores) => normalizeScores(scores, false),
  mayHelp: (pod, event) => becomesAcceptable(event, (node) => matchesRequiredNodeAffinity(pod, node)),
};

const preferredTerms = (pod: Pod) =>
  pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];

/** The node names that a term allows; undefined if it does not speak of names. */
function namesIn(term: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined;
  for (const { key, operator, values } of term.matchFields ?? []) {
    if (key !== 'metadata.name' || operator !== 'In') continue;
    const allowed = values ?? [];
    names = names === undefined ? allowed : names.filter((name) => allowed.includes(name));
  }
  return names;
}
