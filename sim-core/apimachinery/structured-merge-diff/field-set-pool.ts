import type { FieldSet } from './field-set-text.ts';
import { fieldSetText, inElementOrder, passingFieldSetText } from './field-set-text.ts';
import type { PathElement } from './path-element.ts';

/** Where a walk through a set has come to. Nearly always all walks go on the same way. */
class Step {
  element: PathElement | undefined;
  next: Step | undefined;
  others: Map<PathElement, Step> | undefined;
  /** The set whose walk ends here. */
  set: FieldSet | undefined;
}

/** The step back from an element to the one above it; no element is an empty text. */
const UP = '';

/**
 * Gives equal sets out as one object, elements in order: most objects of a kind are written in the same few ways.
 * Forgets what it knows when it has grown too large.
 */
export class FieldSetPool {
  static readonly #CAPACITY = 500;
  static readonly #STEPS = 20_000;
  readonly #sets = new Map<string, FieldSet>();
  /** Sets that are made in the same way have their elements in the same order: they are found without a text. */
  #start = new Step();
  #steps = 0;

  shared(set: FieldSet): FieldSet {
    const end = this.#walk(this.#start, set);
    return (end.set ??= this.#sharedByText(set));
  }

  #walk(from: Step, set: FieldSet): Step {
    let step = from;
    for (const element in set) step = this.#after(this.#walk(this.#after(step, element), set[element]!), UP);
    return step;
  }

  #after(step: Step, element: PathElement): Step {
    if (step.element === element) return step.next!;
    let next = step.others?.get(element);
    if (next === undefined) {
      next = new Step();
      this.#steps++;
      if (step.element === undefined) {
        step.element = element;
        step.next = next;
      } else (step.others ??= new Map()).set(element, next);
    }
    return next;
  }

  #sharedByText(set: FieldSet): FieldSet {
    const text = passingFieldSetText(set);
    const known = this.#sets.get(text);
    if (known !== undefined) return known;
    const shared = inElementOrder(set);
    // What will be made of it finds the texts of its parts.
    fieldSetText(shared);
    if (this.#sets.size >= FieldSetPool.#CAPACITY || this.#steps >= FieldSetPool.#STEPS) {
      this.#sets.clear();
      this.#start = new Step();
      this.#steps = 0;
    }
    this.#sets.set(text, shared);
    return shared;
  }
}
