import type { LimitRangeItem } from 'kubernetes-types/core/v1';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { duplicate, forbidden, invalid } from '../../../../apimachinery/validation/field-error.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';

type List = Record<string, string>;
const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

/** Models SetDefaults_LimitRangeItem: limits default to the most, requests to the limit or the least. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.spec.limits ??= null;
  for (const item of (object.spec.limits ?? []) as LimitRangeItem[]) {
    if (item.type !== 'Container') continue;
    const defaults: List = { ...item.max, ...item.default };
    const requests: List = { ...item.min, ...defaults, ...item.defaultRequest };
    item.default = defaults;
    item.defaultRequest = requests;
    dropEmpty(item as never, LISTS);
  }
}

const above = (a: string | undefined, b: string | undefined) =>
  a !== undefined && b !== undefined && Quantity.parse(a).compare(Quantity.parse(b)) > 0;

/** Models validation.go ValidateLimitRange. */
function validate({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  ((spec.limits ?? []) as LimitRangeItem[]).forEach((item, index) => {
    const path = `spec.limits[${index}]`;
    if (types.has(item.type)) errors.push(duplicate(`${path}.type`, item.type));
    types.add(item.type);
    if (item.type === 'Pod') {
      if (item.default)
        errors.push(forbidden(`${path}.default`, "may not be specified when `type` is 'Pod'"));
      if (item.defaultRequest) {
        errors.push(forbidden(`${path}.defaultRequest`, "may not be specified when `type` is 'Pod'"));
      }
    }
    const names = new Set(LISTS.flatMap((list) => Object.keys(item[list] ?? {})));
    for (const name of [...names].sort()) {
      const [max, min, limit, request] = [item.max, item.min, item.default, item.defaultRequest].map(
        (list) => (list as List | undefined)?.[name],
      );
      const refuse = (list: string, value: string, than: string, other: string) =>
        errors.push(
          invalid(
            `${path}.${list}[${name}]`,
            value,
            `${list === 'min' ? 'min' : list === 'default' ? 'default' : 'default request'} value ${value} is ${than} value ${other}`,
          ),
        );
      if (above(min, max)) refuse('min', min!, 'greater than max', max!);
      if (above(min, request)) refuse('defaultRequest', request!, 'less than min', min!);
      if (above(request, max)) refuse('defaultRequest', request!, 'greater than max', max!);
      if (above(request, limit)) refuse('defaultRequest', request!, 'greater than default limit', limit!);
      if (above(min, limit)) refuse('default', limit!, 'less than min', min!);
      if (above(limit, max)) refuse('default', limit!, 'greater than max', max!);
    }
  });
  return errors;
}

/** Models pkg/registry/core/limitrange/strategy.go. */
export const limitRangeStrategy: Strategy = { fillDefaults, validate, validateUpdate: validate };
