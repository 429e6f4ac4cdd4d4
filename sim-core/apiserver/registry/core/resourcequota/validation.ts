import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from 'kubernetes-types/core/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { isEmptied } from '../../../../apimachinery/json/emptied.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { goSlice, goStrings, goStruct } from '../../../../apimachinery/validation/go-syntax.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import {
  isStandardQuotaResource,
  validateResourceName,
  validateResourceQuantityValue,
} from '../validation/resources.ts';

const COMPUTE = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
/** The scopes, each with the standard resources that it may restrict. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: COMPUTE,
  NotTerminating: COMPUTE,
  BestEffort: ['pods'],
  NotBestEffort: COMPUTE,
  PriorityClass: COMPUTE,
  CrossNamespacePodAffinity: COMPUTE,
};
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

/** Names and quantities of one list. Models ValidateResourceQuotaResourceName. */
function validateList(list: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.keys(list ?? {})
    .sort()
    .flatMap((name) => {
      const path = `${field}[${name}]`;
      return [
        ...validateResourceName(name, path),
        ...(name.includes('/') || isStandardQuotaResource(name)
          ? []
          : [invalid(path, name, 'must be a standard resource for quota')]),
        ...validateResourceQuantityValue(name, list![name]!, path),
      ];
    });
}

const goScopes = (scopes: readonly string[] | undefined) => goSlice('core.ResourceQuotaScope', scopes);

/** Each resource that a scope cannot restrict. */
function unsuitable(scope: string, hard: object): string[] {
  const suitable = SCOPES[scope];
  return Object.keys(hard).filter(
    (name) => suitable !== undefined && isStandardQuotaResource(name) && !suitable.includes(name),
  );
}

function conflicts(
  scopes: readonly string[],
  field: string,
  shown: ReturnType<typeof goScopes>,
): FieldError[] {
  return CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() =>
    invalid(field, shown, 'conflicting scopes'),
  );
}

/** Models validateResourceQuotaScopes. */
function validateScopes({ scopes = [], hard = {} }: ResourceQuotaSpec): FieldError[] {
  const field = 'spec.scopes';
  const shown = goScopes(scopes);
  return [
    ...scopes.flatMap((scope) => [
      ...(Object.hasOwn(SCOPES, scope) ? [] : [invalid(field, shown, 'unsupported scope')]),
      ...unsuitable(scope, hard).map(() => invalid(field, shown, 'unsupported scope applied to resource')),
    ]),
    ...conflicts(scopes, field, shown),
  ];
}

/** Models validateScopedResourceSelectorRequirement. */
function validateRequirement(
  { scopeName = '', operator = '', values = [] }: Partial<ScopedResourceSelectorRequirement>,
  spec: ResourceQuotaSpec,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!Object.hasOwn(SCOPES, scopeName)) {
    errors.push(invalid(`${field}.scopeName`, scopeName, 'unsupported scope'));
  }
  const shown = goStruct('core.ScopeSelector', spec.scopeSelector ?? {});
  errors.push(
    ...unsuitable(scopeName, spec.hard ?? {}).map(() =>
      invalid(field, shown, 'unsupported scope applied to resource'),
    ),
  );
  const valueless = Object.hasOwn(SCOPES, scopeName) && scopeName !== 'PriorityClass';
  if (valueless && operator !== 'Exists') {
    errors.push(
      invalid(
        `${field}.operator`,
        operator,
        "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return errors;
    const text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    return [...errors, required(`${field}.values`, text)];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return errors;
    const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    return [...errors, invalid(`${field}.values`, goStrings(values), text)];
  }
  return [...errors, invalid(`${field}.operator`, operator, 'not a valid selector operator')];
}

/** Models ValidateResourceQuotaSpec. */
function validateSpec(spec: ResourceQuotaSpec): FieldError[] {
  const field = 'spec.scopeSelector.matchExpressions';
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  const names = requirements.map(({ scopeName }) => scopeName);
  return [
    ...validateList(spec.hard as Record<string, string> | undefined, 'spec.hard'),
    ...validateScopes(spec),
    ...requirements.flatMap((requirement) => validateRequirement(requirement, spec, field)),
    ...conflicts(names, field, goScopes(spec.scopes ?? [])),
  ];
}

/** Models ValidateResourceQuotaUpdate: the scopes stay. */
function validateUpdate({ spec }: KubeObject, old: KubeObject): FieldError[] {
  const sorted = (scopes: readonly string[] | undefined) => [...new Set(scopes ?? [])].sort();
  const same = decodedEqual(sorted(spec.scopes), sorted(old.spec.scopes));
  return [
    ...validateSpec(spec),
    ...(same
      ? []
      : [
          invalid(
            'spec.scopes',
            goScopes(isEmptied(spec, 'scopes') ? [] : spec.scopes),
            'field is immutable',
          ),
        ]),
  ];
}

/** Models pkg/registry/core/resourcequota/strategy.go. */
export const strategy: Strategy = {
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate: ({ spec }) => validateSpec(spec),
  validateUpdate,
};

export const status: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: ({ status: reported }) => [
    ...validateList(reported.hard, 'status.hard'),
    ...validateList(reported.used, 'status.used'),
  ],
};
