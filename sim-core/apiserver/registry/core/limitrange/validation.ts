import type { LimitRangeItem } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  goQuantity,
  invalid,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { validateQualifiedName } from '../validation/common.ts';
import {
  isOvercommitAllowed,
  validateContainerResourceName,
  validateResourceName,
} from '../validation/resources.ts';

type Quantities = Readonly<Record<string, string>>;
type ListName = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';
const TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];

/** Models validateLimitRangeTypeName. */
function validateType(type: string, field: string): FieldError[] {
  const errors = validateQualifiedName(type, field);
  return errors.length > 0 || type.includes('/') || TYPES.includes(type)
    ? errors
    : [invalid(field, type, 'must be a standard limit type or fully qualified')];
}

/** What must not be above what, with the list that is to blame, the names in the text, and whose value is shown. */
const ORDER: readonly (readonly [
  less: ListName,
  more: ListName,
  blamed: ListName,
  text: string,
  shown?: ListName,
])[] = [
  ['min', 'max', 'min', 'min value %s is greater than max value %s'],
  ['min', 'defaultRequest', 'defaultRequest', 'min value %s is greater than default request value %s'],
  ['defaultRequest', 'max', 'defaultRequest', 'default request value %s is greater than max value %s'],
  [
    'defaultRequest',
    'default',
    'defaultRequest',
    'default request value %s is greater than default limit value %s',
  ],
  ['min', 'default', 'default', 'min value %s is greater than default value %s', 'min'],
  ['default', 'max', 'default', 'default value %s is greater than max value %s', 'max'],
];

/** The quantities of one resource must be in order. */
function validateOrder(item: LimitRangeItem, name: string, field: string): FieldError[] {
  const of = (list: ListName) => (item[list] as Quantities | undefined)?.[name];
  const at = (list: ListName) => `${field}.${list}[${name}]`;
  const errors: FieldError[] = [];
  for (const [less, more, blamed, text, shown = blamed] of ORDER) {
    const [a, b] = [of(less), of(more)];
    if (a === undefined || b === undefined || Quantity.parse(a).compare(Quantity.parse(b)) <= 0) continue;
    errors.push(
      invalid(
        at(blamed),
        goQuantity(of(shown)!),
        text.replace('%s', () => a).replace('%s', () => b),
      ),
    );
  }
  return [...errors, ...validateRatio(of, at('maxLimitRequestRatio')), ...validateEqual(of, at, name)];
}

function validateRatio(of: (list: ListName) => string | undefined, field: string): FieldError[] {
  const [ratio, min, max] = [of('maxLimitRequestRatio'), of('min'), of('max')];
  if (ratio === undefined) return [];
  const errors: FieldError[] = [];
  const value = Quantity.parse(ratio);
  if (value.compare(Quantity.of(1)) < 0) {
    errors.push(invalid(field, goQuantity(ratio), `ratio ${ratio} is less than 1`));
  }
  if (min === undefined || max === undefined) return errors;
  const limit = Quantity.parse(max).asFloat() / Quantity.parse(min).asFloat();
  if (value.asFloat() > limit) {
    errors.push(
      invalid(field, goQuantity(ratio), `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`),
    );
  }
  return errors;
}

function validateEqual(
  of: (list: ListName) => string | undefined,
  at: (list: ListName) => string,
  name: string,
): FieldError[] {
  const [limit, request] = [of('default'), of('defaultRequest')];
  if (isOvercommitAllowed(name) || limit === undefined || request === undefined) return [];
  return Quantity.parse(limit).equals(Quantity.parse(request))
    ? []
    : [
        invalid(
          at('defaultRequest'),
          goQuantity(request),
          `default value ${limit} must equal to defaultRequest value ${request} in ${name}`,
        ),
      ];
}

function validateItem(item: LimitRangeItem, field: string): FieldError[] {
  const type = item.type ?? '';
  const errors: FieldError[] = [];
  const validateName =
    type === 'Pod' || type === 'Container' ? validateContainerResourceName : validateResourceName;
  const names = new Set<string>();
  const collect = (list: ListName) => {
    for (const name of Object.keys(item[list] ?? {}).sort()) {
      errors.push(...validateName(name, `${field}.${list}[${name}]`));
      names.add(name);
    }
  };
  collect('max');
  collect('min');
  for (const list of ['default', 'defaultRequest'] as const) {
    if (type !== 'Pod') collect(list);
    else if (Object.keys(item[list] ?? {}).length > 0) {
      errors.push(forbidden(`${field}.${list}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const storage = (list: 'min' | 'max') => (item[list] as Quantities | undefined)?.['storage'];
  if (type === 'PersistentVolumeClaim' && storage('min') === undefined && storage('max') === undefined) {
    errors.push(
      required(
        `${field}.limits`,
        'either minimum or maximum storage value is required, but neither was provided',
      ),
    );
  }
  collect('maxLimitRequestRatio');
  return [...errors, ...[...names].sort().flatMap((name) => validateOrder(item, name, field))];
}

/** Models validation.go ValidateLimitRange. */
function validate({ spec }: KubeObject): FieldError[] {
  const types = new Set<string>();
  return ((spec.limits ?? []) as LimitRangeItem[]).flatMap((item, index) => {
    const field = `spec.limits[${index}]`;
    const type = item.type ?? '';
    const twice = types.has(type) ? [duplicate(`${field}.type`, type)] : [];
    types.add(type);
    return [...validateType(type, `${field}.type`), ...twice, ...validateItem(item, field)];
  });
}

/** Models pkg/registry/core/limitrange/strategy.go. */
export const strategy: Strategy = { validate, validateUpdate: validate };
