import type { CallEstimate, CostEstimator, SizedNode } from '../checker/cost.ts';
import { REGEX_LENGTH, STRING_TRAVERSAL } from '../checker/cost.ts';
import type { Overload } from '../checker/declarations.ts';
import type { Estimate } from '../checker/estimate.ts';
import { byFactor, fixed, MAX, NONE, plus, times, UNKNOWN } from '../checker/estimate.ts';

/** An authorization check is so dear that an expression may have two. */
export const CHECK_COST = 350_000;
/** How long the longest pattern behind a named format is. */
const MAX_NAME_PATTERN = 128;
/** What one requirement of a selector takes: a list and a message. */
const REQUIREMENT = 50;

/** Functions that cost next to nothing. */
export const NOMINAL: ReadonlySet<string> = new Set(
  `serviceAccount path group resource subresource namespace name allowed reason error errored
  masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast
  format.named sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub
  major minor patch getScheme getHostname getHost getPort getEscapedPath getQuery`.split(/\s+/),
);

/** What the functions of Kubernetes cost. Models k8s.io/apiserver/pkg/cel/library/cost.go. */
export class KubernetesCostEstimator implements CostEstimator {
  readonly sizeOf: (node: SizedNode) => Estimate | undefined;

  /** `sizeOf` knows how large variables and their parts may be. */
  constructor(sizeOf: (node: SizedNode) => Estimate | undefined = () => undefined) {
    this.sizeOf = sizeOf;
  }

  callCost(
    name: string,
    { params }: Overload,
    target: SizedNode | undefined,
    args: readonly SizedNode[],
  ): CallEstimate | undefined {
    if (NOMINAL.has(name)) return { cost: fixed(1) };
    const own = target === undefined ? UNKNOWN : this.#size(target);
    const first = args[0] === undefined ? UNKNOWN : this.#size(args[0]);
    const traversal = (size: Estimate) => byFactor(size, STRING_TRAVERSAL);
    switch (name) {
      case 'check':
        return { cost: fixed(CHECK_COST) };
      case 'fieldSelector':
      case 'labelSelector':
        return { cost: plus(fixed(10), traversal(first), byFactor(byFactor(first, 0.5), REQUIREMENT)) };
      case 'isSorted':
      case 'sum':
      case 'max':
      case 'min':
      case 'indexOf':
      case 'lastIndexOf': {
        const item = itemOf(target!);
        if (item === undefined) return { cost: traversal(own) };
        const isText = item.type.kind === 'string' || item.type.kind === 'bytes';
        return { cost: times(own, isText ? plus(fixed(1), traversal(this.#size(item))) : fixed(1)) };
      }
      case 'url':
      case 'cidr':
      case 'isIP':
      case 'isCIDR':
      case 'quantity':
      case 'isQuantity':
      case 'semver':
      case 'isSemver':
        return { cost: traversal(first) };
      case 'jsonpatch.escapeKey':
        return { cost: traversal(first), size: first };
      case 'lowerAscii':
      case 'upperAscii':
      case 'substring':
      case 'trim':
        return { cost: traversal(own), size: own };
      case 'replace':
        return {
          cost: byFactor(own, 2 * STRING_TRAVERSAL),
          size: replaced(own, first, this.#size(args[1]!)),
        };
      case 'split': {
        const limit = args[1]?.expr;
        const isLimited = limit?.kind === 'literal' && limit.constant.type === 'int';
        const max = isLimited ? BigInt.asUintN(64, limit.constant.value as bigint) : own.max;
        return { cost: byFactor(own, 2 * STRING_TRAVERSAL), size: { min: 0n, max } };
      }
      case 'join': {
        const item = itemOf(target!);
        const items = item === undefined ? NONE : times(own, this.#size(item));
        const separators = { min: own.min > 0n ? own.min - 1n : 0n, max: own.max > 0n ? own.max - 1n : 0n };
        const size = args[0] === undefined ? items : plus(items, times(first, separators));
        return { cost: traversal(size), size };
      }
      case 'find':
      case 'findAll':
        return {
          cost: times(traversal(plus(own, fixed(1))), byFactor(first, REGEX_LENGTH)),
          size: { min: 0n, max: own.max },
        };
      case 'ip':
        return { cost: params[0]!.kind === 'string' ? traversal(first) : fixed(1) };
      case 'ip.isCanonical':
        return { cost: byFactor(first, 2 * STRING_TRAVERSAL) };
      case 'containsIP':
      case 'containsCIDR': {
        const address = { min: 4n, max: 16n };
        const masked = name === 'containsCIDR' ? plus(traversal(address), fixed(1)) : NONE;
        const parsed = params[1]!.kind === 'string' ? traversal(first) : NONE;
        return { cost: plus(traversal(plus(address, address)), masked, parsed) };
      }
      case 'validate':
        return { cost: byFactor(traversal(first), MAX_NAME_PATTERN * REGEX_LENGTH) };
      case 'strings.quote':
        return { cost: traversal(first), size: plus(times(first, { min: 1n, max: 2n }), fixed(2)) };
      default:
        return undefined;
    }
  }

  #size(node: SizedNode): Estimate {
    return node.computed ?? this.sizeOf(node) ?? UNKNOWN;
  }
}

/** What stands for the items of a list; undefined for what is none. */
function itemOf({ path, type }: SizedNode): SizedNode | undefined {
  if (type.kind !== 'list') return undefined;
  return {
    path: path === undefined ? undefined : [...path, '@items'],
    type: type.params[0]!,
    expr: undefined,
    computed: undefined,
  };
}

/** How long a text is after a replacement, at worst and at best. */
function replaced(text: Estimate, old: Estimate, next: Estimate): Estimate {
  const often = (length: bigint, by: bigint) => BigInt(Math.ceil(Number(length) / Number(by)));
  const around = (length: bigint) => (length < MAX ? length + 1n : length);
  let [maxCount, maxKept] = [0n, 0n];
  if (old.min === 0n) [maxCount, maxKept] = [around(text.max), text.max];
  else if (next.max <= old.min) maxKept = text.max;
  else maxCount = often(text.max, old.min);
  let [minCount, minKept] = [0n, 0n];
  if (old.max === 0n) [minCount, minKept] = [around(text.min), text.min];
  else if (old.max <= next.min) minKept = text.min;
  else minCount = often(text.min, old.max);
  return plus(times({ min: minCount, max: maxCount }, next), { min: minKept, max: maxKept });
}
