import type { Pod, PodAffinityTerm, WeightedPodAffinityTerm } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { labelSelectorAsSelector, type Selector } from '../../apimachinery/labels/selector.ts';

/** Labels of a namespace, by its name; none for one that is not known. */
export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** A term that says which other pods are meant, and what must be the same of their nodes. Models framework.AffinityTerm. */
export interface AffinityTerm {
  readonly topologyKey: string;
  /** The same text for terms that mean the same pods. */
  readonly key: string;
  /** True if the term asks for the labels of namespaces. */
  readonly selectsNamespaces: boolean;
  matches(pod: Pod, namespaceLabels: NamespaceLabels): boolean;
}

export interface WeightedTerm {
  readonly term: AffinityTerm;
  readonly weight: number;
}

export interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedTerm[];
  readonly preferredAntiAffinity: readonly WeightedTerm[];
}

/** What a pod says of other pods; undefined: nothing. */
export function affinityTermsOf(pod: Pod): AffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return undefined;
  const required = (terms: readonly PodAffinityTerm[] = []) => terms.map((term) => termOf(pod, term));
  const preferred = (terms: readonly WeightedPodAffinityTerm[] = []) =>
    terms.map(({ weight, podAffinityTerm }) => ({ weight, term: termOf(pod, podAffinityTerm) }));
  const terms = {
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: preferred(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: preferred(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
  return Object.values(terms).some(({ length }) => length > 0) ? terms : undefined;
}

/** Models newAffinityTerm with getNamespacesFromPodAffinityTerm. */
function termOf(pod: Pod, term: PodAffinityTerm): AffinityTerm {
  const { topologyKey, namespaceSelector, namespaces = [] } = term;
  const selector = selectorOf(pod, term);
  const named = new Set(
    namespaces.length === 0 && namespaceSelector === undefined ? [pod.metadata!.namespace!] : namespaces,
  );
  const bySelector: Selector | undefined = namespaceSelector && labelSelectorAsSelector(namespaceSelector);
  return {
    topologyKey,
    key: JSON.stringify([[...named].sort(), namespaceSelector ?? null, selector.toString()]),
    selectsNamespaces: bySelector !== undefined && !bySelector.empty,
    matches(other, namespaceLabels) {
      const namespace = other.metadata!.namespace!;
      const isMeant =
        named.has(namespace) ||
        (bySelector !== undefined && (bySelector.empty || bySelector.matches(namespaceLabels(namespace))));
      return isMeant && selector.matches(other.metadata!.labels);
    },
  };
}

/** matchLabelKeys take values from the pod itself. Models how the apiserver merges them into the selector. */
function selectorOf(pod: Pod, term: PodAffinityTerm): Selector {
  const { labelSelector } = term;
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term as {
    matchLabelKeys?: string[];
    mismatchLabelKeys?: string[];
  };
  return labelSelectorAsSelector(
    labelSelector &&
      withLabelKeys(labelSelector, pod, [
        ['In', matchLabelKeys],
        ['NotIn', mismatchLabelKeys],
      ]),
  );
}

/** The selector, narrowed to pods that share, or do not share, values of labels with `pod`. */
export function withLabelKeys(
  selector: LabelSelector,
  pod: Pod,
  rows: readonly (readonly ['In' | 'NotIn', readonly string[]])[],
): LabelSelector {
  const labels = pod.metadata?.labels ?? {};
  const known = new Set((selector.matchExpressions ?? []).map(({ key }) => key));
  const added = rows.flatMap(([operator, keys]) =>
    keys
      .filter((key) => labels[key] !== undefined && !known.has(key))
      .map((key) => ({ key, operator, values: [labels[key]!] })),
  );
  if (added.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}
