interface Labelled {
  readonly status: { readonly labels: Readonly<Record<string, string>> };
}

/**
 * Things by id, in the order in which they came, found by labels: at once by the one label that everybody asks for.
 * Labels of a thing never change.
 */
export class LabelledMap<T extends Labelled> {
  readonly #label: string;
  readonly #all = new Map<string, T>();
  readonly #byValue = new Map<string, Map<string, T>>();

  /** `label` is the one that is indexed. */
  constructor(label: string) {
    this.#label = label;
  }

  get(id: string): T | undefined {
    return this.#all.get(id);
  }

  set(id: string, thing: T): void {
    this.#all.set(id, thing);
    const value = thing.status.labels[this.#label];
    if (value === undefined) return;
    const known = this.#byValue.get(value);
    if (known === undefined) this.#byValue.set(value, new Map([[id, thing]]));
    else known.set(id, thing);
  }

  delete(id: string): void {
    const value = this.#all.get(id)?.status.labels[this.#label];
    this.#all.delete(id);
    if (value === undefined) return;
    const known = this.#byValue.get(value);
    if (known?.delete(id) === true && known.size === 0) this.#byValue.delete(value);
  }

  entries(): Iterable<[string, T]> {
    return this.#all.entries();
  }

  /** All things, or those that have all of `labels`; oldest first. */
  values(labels: Readonly<Record<string, string>> = {}): readonly T[] {
    const value = labels[this.#label];
    const candidates = value === undefined ? this.#all : this.#byValue.get(value);
    if (candidates === undefined) return [];
    return [...candidates.values()].filter((thing) => matches(thing.status.labels, labels));
  }
}

function matches(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}
