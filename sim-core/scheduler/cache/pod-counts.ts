import type { Pod } from 'kubernetes-types/core/v1';

/** How many questions are remembered. */
const CAPACITY = 128;

interface Answer {
  readonly matches: (pod: Pod) => boolean;
  readonly byNode: Map<string, number>;
}

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
  readonly #answers = new Map<string, Answer>();

  constructor(pods: () => Iterable<{ readonly pod: Pod; readonly node: string }>) {
    this.#pods = pods;
  }

  /** Counts by node. `key` stands for `matches`: the same text means the same pods. */
  byNode(key: string, matches: (pod: Pod) => boolean): ReadonlyMap<string, number> {
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = { matches, byNode: new Map() };
      for (const { pod, node } of this.#pods()) count(answer, pod, node, 1);
    } else this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > CAPACITY) {
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest);
        break;
      }
    }
    return answer.byNode;
  }

  /** Answers that depend on something else than pods are wrong now. */
  forgetAll(): void {
    this.#answers.clear();
  }

  added(pod: Pod, node: string): void {
    for (const answer of this.#answers.values()) count(answer, pod, node, 1);
  }

  removed(pod: Pod, node: string): void {
    for (const answer of this.#answers.values()) count(answer, pod, node, -1);
  }
}

function count({ matches, byNode }: Answer, pod: Pod, node: string, sign: 1 | -1): void {
  if (!matches(pod)) return;
  const sum = (byNode.get(node) ?? 0) + sign;
  if (sum === 0) byNode.delete(node);
  else byNode.set(node, sum);
}
