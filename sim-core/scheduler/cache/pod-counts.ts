import type { Pod } from 'kubernetes-types/core/v1';

/** How many questions are remembered. */
const CAPACITY = 128;

interface Answer {
  readonly matches: (pod: Pod) => boolean;
  readonly byNode: Map<string, number>;
  /** The same by the value of a label of the nodes, for each label that somebody asked for. */
  readonly byLabel: Map<string, Map<string, number>>;
}

type NodeLabels = Readonly<Record<string, string>>;

/**
 * How many pods of a certain sort each node has:
 *
 *     "default app=web"   node01 → 3, node02 → 1
 *
 * A question is answered by a look at all pods once; then the answer follows each pod that comes or
 * goes, so that placing a pod costs the same however many there are.
 */
export class PodCounts {
  readonly #pods: () => Iterable<{ readonly pod: Pod; readonly node: string }>;
  readonly #labelsOf: (node: string) => NodeLabels | undefined;
  readonly #answers = new Map<string, Answer>();

  /** `labelsOf` gives nothing for a node that is not there: its pods count for no value. */
  constructor(
    pods: () => Iterable<{ readonly pod: Pod; readonly node: string }>,
    labelsOf: (node: string) => NodeLabels | undefined,
  ) {
    this.#pods = pods;
    this.#labelsOf = labelsOf;
  }

  /** Counts by node. `key` stands for `matches`: the same text means the same pods. */
  byNode(key: string, matches: (pod: Pod) => boolean): ReadonlyMap<string, number> {
    return this.#answer(key, matches).byNode;
  }

  /** Counts by the value of the nodes' label; "" stands for nodes without it. */
  byLabel(key: string, matches: (pod: Pod) => boolean, label: string): ReadonlyMap<string, number> {
    const { byNode, byLabel } = this.#answer(key, matches);
    let sums = byLabel.get(label);
    if (sums === undefined) {
      byLabel.set(label, (sums = new Map()));
      for (const [node, number] of byNode) this.#sum(sums, label, node, number);
    }
    return sums;
  }

  #answer(key: string, matches: (pod: Pod) => boolean): Answer {
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = { matches, byNode: new Map(), byLabel: new Map() };
      for (const { pod, node } of this.#pods()) this.#count(answer, pod, node, 1);
    } else this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > CAPACITY) {
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest);
        break;
      }
    }
    return answer;
  }

  /** A node came or went, or has other labels. */
  nodesChanged(): void {
    for (const { byLabel } of this.#answers.values()) byLabel.clear();
  }

  /** Answers that depend on something else than pods are wrong now. */
  forgetAll(): void {
    this.#answers.clear();
  }

  added(pod: Pod, node: string): void {
    for (const answer of this.#answers.values()) this.#count(answer, pod, node, 1);
  }

  removed(pod: Pod, node: string): void {
    for (const answer of this.#answers.values()) this.#count(answer, pod, node, -1);
  }

  #count({ matches, byNode, byLabel }: Answer, pod: Pod, node: string, sign: 1 | -1): void {
    if (!matches(pod)) return;
    add(byNode, node, sign);
    for (const [label, sums] of byLabel) this.#sum(sums, label, node, sign);
  }

  #sum(sums: Map<string, number>, label: string, node: string, number: number): void {
    const labels = this.#labelsOf(node);
    if (labels !== undefined) add(sums, labels[label] ?? '', number);
  }
}

function add(counts: Map<string, number>, key: string, number: number): void {
  const sum = (counts.get(key) ?? 0) + number;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}
