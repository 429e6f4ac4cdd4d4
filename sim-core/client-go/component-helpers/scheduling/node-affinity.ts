import type {
  Node,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
} from 'kubernetes-types/core/v1';
import { Requirement, SelectorError, type SelectorOperator } from '../../../apimachinery/labels/selector.ts';

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

/**
 * True if the node has what the pod's nodeSelector and required node affinity ask for.
 * Models k8s.io/component-helpers/scheduling/corev1/nodeaffinity RequiredNodeAffinity.Match.
 */
export function matchesRequiredNodeAffinity(pod: Pod, node: Node): boolean {
  const labels = node.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec?.nodeSelector ?? {})) {
    if (labels[key] !== value) return false;
  }
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || matchesNodeSelector(required, node);
}

/** True if one term matches. Models nodeaffinity NodeSelector.Match. */
export function matchesNodeSelector(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node));
}

/** True if every requirement of the term holds; a term without any matches nothing. */
export function matchesNodeSelectorTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  const nodeFields = { 'metadata.name': node.metadata?.name ?? '' };
  return (
    expressions.every((requirement) => matches(requirement, node.metadata?.labels ?? {})) &&
    fields.every((requirement) => matches(requirement, nodeFields))
  );
}

function matches(
  { key, operator, values }: NodeSelectorRequirement,
  labels: Record<string, string>,
): boolean {
  const meant = OPERATORS[operator];
  if (meant === undefined) return false;
  try {
    return new Requirement(key, meant, values ?? []).matches(labels);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}
