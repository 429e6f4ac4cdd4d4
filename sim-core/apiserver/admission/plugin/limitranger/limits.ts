import type { Container, LimitRangeItem, PodSpec } from 'kubernetes-types/core/v1';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';

type List = Record<string, string>;
const ANNOTATION = 'kubernetes.io/limit-ranger';

/**
 * Gives containers the requests and limits that a LimitRange has for those without; says so in an annotation.
 * Models plugin/pkg/admission/limitranger/admission.go mergePodResourceRequirements.
 */
export function applyDefaults(
  pod: { metadata: { annotations?: Record<string, string> }; spec?: PodSpec },
  items: readonly LimitRangeItem[],
): void {
  const defaults = items.filter((item) => item.type === 'Container');
  const requests: List = Object.assign({}, ...defaults.map((item) => item.defaultRequest ?? {}));
  const limits: List = Object.assign({}, ...defaults.map((item) => item.default ?? {}));
  const notes = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fill(container, 'container', requests, limits)),
    ...(pod.spec?.initContainers ?? []).flatMap((container) =>
      fill(container, 'init container', requests, limits),
    ),
  ];
  if (notes.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}`,
  };
}

function fill(container: Container, what: string, requests: List, limits: List): string[] {
  const resources = (container.resources ??= {});
  const setLimits = addMissing(resources as { limits?: List }, 'limits', limits);
  const setRequests = addMissing(resources as { requests?: List }, 'requests', requests);
  return [
    ...(setRequests.length > 0 ? [`${setRequests.join(', ')} request for ${what} ${container.name}`] : []),
    ...(setLimits.length > 0 ? [`${setLimits.join(', ')} limit for ${what} ${container.name}`] : []),
  ];
}

function addMissing<K extends 'limits' | 'requests'>(
  resources: { [key in K]?: List },
  key: K,
  defaults: List,
): string[] {
  const list: List = { ...resources[key] };
  const added = Object.keys(defaults)
    .filter((name) => list[name] === undefined)
    .sort();
  for (const name of added) list[name] = defaults[name]!;
  if (added.length > 0) resources[key] = list as never;
  return added;
}

/** What a claim asks for that breaks one item's rules: it has no limits. Models minConstraint and maxRequestConstraint. */
export function claimViolations(item: LimitRangeItem, requests: List): string[] {
  const { min, max, type } = item;
  return [
    ...violations({ type, ...(min && { min }) }, requests, requests),
    ...entries(max).flatMap(([name, most]) => {
      const request = requests[name];
      const head = `maximum ${name} usage per ${type} is ${most}`;
      if (request === undefined) return [`${head}.  No request is specified`];
      return Quantity.parse(request).compare(Quantity.parse(most)) > 0
        ? [`${head}, but request is ${request}`]
        : [];
    }),
  ];
}

/** What of requests and limits breaks one item's rules. Models minConstraint, maxConstraint and …RatioConstraint. */
export function violations(item: LimitRangeItem, requests: List, limits: List): string[] {
  const texts: string[] = [];
  const { type } = item;
  const compare = (a: string, b: string) => Quantity.parse(a).compare(Quantity.parse(b));
  for (const [name, min] of entries(item.min)) {
    const request = requests[name];
    const limit = limits[name];
    const head = `minimum ${name} usage per ${type} is ${min}`;
    if (request === undefined) texts.push(`${head}.  No request is specified`);
    else if (compare(request, min) < 0) texts.push(`${head}, but request is ${request}`);
    else if (limit !== undefined && compare(limit, min) < 0) texts.push(`${head}, but limit is ${limit}`);
  }
  for (const [name, max] of entries(item.max)) {
    const request = requests[name];
    const limit = limits[name];
    const head = `maximum ${name} usage per ${type} is ${max}`;
    if (limit === undefined) texts.push(`${head}.  No limit is specified`);
    else if (compare(limit, max) > 0) texts.push(`${head}, but limit is ${limit}`);
    else if (request !== undefined && compare(request, max) > 0)
      texts.push(`${head}, but request is ${request}`);
  }
  for (const [name, ratio] of entries(item.maxLimitRequestRatio)) {
    const request = asNumber(requests[name]);
    const limit = asNumber(limits[name]);
    const head = `${name} max limit to request ratio per ${type} is ${ratio}`;
    if (request === 0) texts.push(`${head}, but no request is specified or request is 0`);
    else if (limit === 0) texts.push(`${head}, but no limit is specified or limit is 0`);
    else if (limit / request > asNumber(ratio)) {
      texts.push(`${head}, but provided ratio is ${(limit / request).toFixed(6)}`);
    }
  }
  return texts;
}

const entries = (list: unknown): [string, string][] =>
  Object.entries((list ?? {}) as List).sort(([a], [b]) => (a < b ? -1 : 1));
const asNumber = (text: string | undefined) => (text === undefined ? 0 : Quantity.parse(text).asFloat());
