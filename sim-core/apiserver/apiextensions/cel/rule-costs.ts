import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden } from '../../../apimachinery/validation/field-error.ts';
import { MAX } from '../../cel/checker/estimate.ts';
import type { Estimate } from '../../cel/checker/estimate.ts';
import type { Program } from '../../cel/compile.ts';
import { KubernetesCostEstimator } from '../../cel/library/cost.ts';
import type { SchemaType } from './types.ts';
import { MAX_REQUEST } from './types.ts';

/** What one expression may cost at most, and all of a definition together. */
const EXPRESSION_LIMIT = 10_000_000n;
const TOTAL_LIMIT = 100_000_000n;
/** So many of the dearest rules are named. */
const NAMED = 4;

/**
 * Adds up what the rules of a definition may cost. Models apis/apiextensions/validation TotalCost and
 * getCostErrorMessage.
 */
export class RuleCosts {
  #total = 0n;
  #dearest: { readonly field: string; readonly cost: bigint }[] = [];

  /** Counts a rule; `cardinality` is how often what it is about may be there, undefined if that has no bound. */
  rule(field: string, program: Program, self: SchemaType, cardinality: bigint | undefined): FieldError[] {
    // As often as the smallest value that fits fills the largest request.
    const often = cardinality ?? BigInt(Math.floor(MAX_REQUEST / (self.minSize + 1)));
    return this.#observe(field, 'estimated rule cost', maxCost(program, self) * often);
  }

  message(field: string, program: Program, self: SchemaType): FieldError[] {
    return this.#observe(field, 'estimated messageExpression cost', maxCost(program, self));
  }

  /** What is wrong if all rules together are too dear; `field` is where the schema stands. */
  totalErrors(field: string): FieldError[] {
    if (this.#total <= TOTAL_LIMIT) return [];
    const detail =
      'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.#dearest.map((rule) => forbidden(rule.field, detail)),
      forbidden(field, exceeds(name, this.#total, TOTAL_LIMIT)),
    ];
  }

  #observe(field: string, name: string, uncapped: bigint): FieldError[] {
    const cost = uncapped > MAX ? MAX : uncapped;
    this.#total = this.#total + cost > MAX ? MAX : this.#total + cost;
    if (cost >= TOTAL_LIMIT / 100n) {
      const sorted = [...this.#dearest, { field, cost }].sort((a, b) => Number(b.cost - a.cost));
      this.#dearest = sorted.slice(0, NAMED);
    }
    return cost > EXPRESSION_LIMIT ? [forbidden(field, exceeds(name, cost, EXPRESSION_LIMIT))] : [];
  }
}

const maxCost = (program: Program, self: SchemaType) =>
  program.maxCost(new KubernetesCostEstimator(({ path }) => sizeAt(self, path)));

/** How large what a path leads to may be. Models schema/cel sizeEstimator. */
function sizeAt(self: SchemaType, path: readonly string[] | undefined): Estimate | undefined {
  if (path === undefined || path.length === 0) return undefined;
  let type: SchemaType | undefined = self;
  for (const step of path.slice(1)) {
    if (step === '@items' || step === '@values') type = type.elements;
    else if (step === '@keys') type = type.keys;
    else type = type.fields?.get(step);
    if (type === undefined) return undefined;
  }
  return { min: 0n, max: BigInt(type.maxElements) };
}

/** Models getCostErrorMessage. */
function exceeds(name: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit);
  const shown =
    factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
