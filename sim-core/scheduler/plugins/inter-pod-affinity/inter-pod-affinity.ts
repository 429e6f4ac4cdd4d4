import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { affinityTermsOf, type AffinityTerms, type NamespaceLabels } from '../../framework/affinity-terms.ts';
import type { Plugin } from '../../framework/interface.ts';
import type { Handle } from '../handle.ts';
import type { AffinityState } from './filtering.ts';
import { affinityState, filterAffinity } from './filtering.ts';
import type { AffinityScores } from './scoring.ts';
import { affinityScores, normalizeAffinity } from './scoring.ts';

const NAME = 'InterPodAffinity';
const SCORES = `${NAME}/scores`;

/**
 * Puts pods where other pods are, or are not. Models pkg/scheduler/framework/plugins/interpodaffinity.
 */
export function interPodAffinity({ cache, namespaces }: Handle): Plugin {
  const labelsOf: NamespaceLabels = (name) => namespaces.getByKey(name)?.metadata?.labels;
  return {
    name: NAME,
    weight: 2,
    needs: (pod) => (selectsNamespaces(affinityTermsOf(pod)) ? [RESOURCES.namespaces] : []),
    preFilter(state) {
      const found = affinityState(state, cache, labelsOf);
      if (found === undefined) return { skip: true };
      state.write(NAME, found);
      return undefined;
    },
    addPod: (state, info, node) => state.read<AffinityState>(NAME).update(info, node, 1),
    removePod: (state, info, node) => state.read<AffinityState>(NAME).update(info, node, -1),
    filter: (state, node) => filterAffinity(state.read<AffinityState>(NAME), node),
    preScore(state) {
      const scores = affinityScores(state, cache, labelsOf);
      if (scores === undefined) return false;
      state.write(SCORES, scores);
      return true;
    },
    score: (state, node) => state.read<AffinityScores>(SCORES).scoreOf(node),
    normalize: normalizeAffinity,
    mayHelp(pod, event) {
      const terms = affinityTermsOf(pod);
      switch (event.type) {
        case 'assigned-pod-changed':
          return terms?.requiredAffinity.some((term) => term.matches(event.pod, labelsOf)) ?? false;
        case 'assigned-pod-deleted': {
          const theirs = affinityTermsOf(event.pod)?.requiredAntiAffinity ?? [];
          return (
            theirs.some((term) => term.matches(pod, labelsOf)) ||
            (terms?.requiredAntiAffinity.some((term) => term.matches(event.pod, labelsOf)) ?? false)
          );
        }
        case 'node-added':
          return true;
        case 'node-updated':
          return event.old.metadata?.labels !== event.node.metadata?.labels;
        default:
          return false;
      }
    },
  };
}

function selectsNamespaces(terms: AffinityTerms | undefined): boolean {
  if (terms === undefined) return false;
  const weighted = [...terms.preferredAffinity, ...terms.preferredAntiAffinity].map(({ term }) => term);
  return [...terms.requiredAffinity, ...terms.requiredAntiAffinity, ...weighted].some(
    (term) => term.selectsNamespaces,
  );
}
