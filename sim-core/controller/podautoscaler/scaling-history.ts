/** Something that happened to a workload's size. */
interface Sample {
  readonly replicas: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What was recommended and done for one autoscaler. Models recommendations, scaleUpEvents and scaleDownEvents. */
export class ScalingHistory {
  #recommendations: Sample[] = [];
  #changes: Sample[] = [];

  /** The first size that was seen counts as recommended. */
  begin(replicas: number, at: number): void {
    if (this.#recommendations.length === 0) this.#recommendations.push({ replicas, at });
  }

  /** What was recommended after `since`. */
  recommendedSince(since: number): number[] {
    return this.#recommendations.filter(({ at }) => at > since).map(({ replicas }) => replicas);
  }

  /** Keeps a recommendation; those from before `oldest` are not needed any more. */
  recommend(replicas: number, at: number, oldest: number): void {
    this.#recommendations = [
      ...this.#recommendations.filter((sample) => sample.at >= oldest),
      { replicas, at },
    ];
  }

  /** How many replicas came (or, negative, went) after `since`. Models getReplicasChangePerPeriod. */
  changedSince(since: number): number {
    return this.#changes.filter(({ at }) => at > since).reduce((sum, { replicas }) => sum + replicas, 0);
  }

  /** Keeps a change; those from before `oldest` are not needed any more. Models storeScaleEvent. */
  changed(replicas: number, at: number, oldest: number): void {
    this.#changes = [...this.#changes.filter((sample) => sample.at >= oldest), { replicas, at }];
  }
}
