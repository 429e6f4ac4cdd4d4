import type {
  FlowSchemaSpec,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from 'kubernetes-types/flowcontrol/v1beta3';
import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  goJson,
  invalid,
  notSupported,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import { specAndStatus } from '../generation.ts';
import type { Strategy } from '../rest/strategy.ts';
import { flowControlObjects } from './bootstrap.ts';

const MAX_PRECEDENCE = 10_000;
const METHODS = ['ByNamespace', 'ByUser'];
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const SUBJECTS = {
  Group: { field: 'group', check: (subject: Subject, field: string) => hasName(subject.group, field) },
  ServiceAccount: {
    field: 'serviceAccount',
    check: (subject: Subject, field: string) => accountErrors(subject.serviceAccount!, field),
  },
  User: { field: 'user', check: (subject: Subject, field: string) => hasName(subject.user, field) },
} as const;
const MAX_QUEUES = 10_000_000;
/** What a hash that deals hands has. */
const MAX_HASH_BITS = 60;
/** Those whose spec is fixed. */
const MANDATORY = ['exempt', 'catch-all'];

/** Models pkg/apis/flowcontrol/validation ValidateFlowSchema. */
function validateFlowSchema(object: KubeObject): FieldError[] {
  const { name = '' } = object.metadata;
  const spec = object.spec as FlowSchemaSpec;
  const errors = schemaErrors(name, spec);
  const fixed = fixedSpec('FlowSchema', name) as FlowSchemaSpec | undefined;
  if (fixed !== undefined && !decodedEqual(internalSchema(spec), internalSchema(fixed))) {
    const detail = `spec of '${name}' must equal the fixed value`;
    errors.push(invalid('spec', goJson(internalSchema(spec)), detail));
  }
  return [...errors, ...conditionErrors(object)];
}

function schemaErrors(name: string, spec: FlowSchemaSpec): FieldError[] {
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method } = spec;
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push(invalid('spec.matchingPrecedence', precedence, detail));
  if (precedence <= 0) wrong('must be a positive value');
  if (precedence > MAX_PRECEDENCE) wrong(`must not be greater than ${MAX_PRECEDENCE}`);
  if (precedence === 1 && name !== 'exempt') {
    wrong("only the schema named 'exempt' may have matchingPrecedence 1");
  }
  if (method !== undefined && !METHODS.includes(method.type)) {
    errors.push(notSupported('spec.distinguisherMethod.type', goJson({ Type: method.type ?? '' }), METHODS));
  }
  const level = spec.priorityLevelConfiguration?.name;
  const levelField = 'spec.priorityLevelConfiguration.name';
  if (!level) errors.push(required(levelField, 'must reference a priority level'));
  else errors.push(...nameIsDNSSubdomain(level, false).map((text) => invalid(levelField, level, text)));
  (spec.rules ?? []).forEach((rule, index) => errors.push(...ruleErrors(rule, `spec.rules[${index}]`)));
  return errors;
}

/** Models ValidateFlowSchemaPolicyRulesWithSubjects. */
function ruleErrors(
  { subjects = [], resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  field: string,
): FieldError[] {
  const errors =
    subjects.length === 0 ? [required(`${field}.subjects`, 'subjects must contain at least one value')] : [];
  subjects.forEach((subject, index) => errors.push(...subjectErrors(subject, `${field}.subjects[${index}]`)));
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    const detail = 'at least one of resourceRules and nonResourceRules has to be non-empty';
    errors.push(required(field, detail));
  }
  resourceRules.forEach((rule, index) => {
    errors.push(...resourceErrors(rule, `${field}.resourceRules[${index}]`));
  });
  nonResourceRules.forEach((rule, index) => {
    errors.push(...pathErrors(rule, `${field}.nonResourceRules[${index}]`));
  });
  return errors;
}

function subjectErrors(subject: Subject, field: string): FieldError[] {
  const kind = subject.kind ?? '';
  if (!Object.hasOwn(SUBJECTS, kind)) {
    return [notSupported(`${field}.kind`, kind, Object.keys(SUBJECTS))];
  }
  const own = SUBJECTS[kind as keyof typeof SUBJECTS];
  const isThere = subject[own.field] !== undefined && subject[own.field] !== null;
  const errors = isThere
    ? own.check(subject, `${field}.${own.field}`)
    : [required(`${field}.${own.field}`, `${own.field} is required when subject kind is '${kind}'`)];
  for (const [other, { field: name }] of Object.entries(SUBJECTS)) {
    if (other === kind || !subject[name]) continue;
    errors.push(forbidden(`${field}.${name}`, `${name} is forbidden when subject kind is not '${other}'`));
  }
  return errors;
}

const hasName = (named: { readonly name?: string } | undefined, field: string): FieldError[] =>
  named?.name ? [] : [required(`${field}.name`)];

function accountErrors(account: NonNullable<Subject['serviceAccount']>, field: string): FieldError[] {
  const { name, namespace } = account;
  const errors = hasName(account, field);
  if (name && name !== '*') {
    errors.push(...nameIsDNSSubdomain(name, false).map((text) => invalid(`${field}.name`, name, text)));
  }
  if (!namespace) errors.push(required(`${field}.namespace`, 'must specify namespace for service account'));
  else {
    errors.push(
      ...nameIsDNSLabel(namespace, false).map((text) => invalid(`${field}.namespace`, namespace, text)),
    );
  }
  return errors;
}

/** A list that has to have something, and that stands for all with "*" alone. */
function listErrors(values: readonly string[], field: string, missing: string, others: string): FieldError[] {
  if (values.length === 0) return [required(field, missing)];
  if (values.length === 1 || !values.includes('*')) return [];
  return [invalid(field, goJson(values), `if '*' is present, must not specify other ${others}`)];
}

function verbErrors(verbs: readonly string[], field: string): FieldError[] {
  if (verbs.length > 0 && !verbs.includes('*') && !verbs.every((verb) => VERBS.includes(verb))) {
    return [notSupported(field, goJson(verbs), VERBS)];
  }
  return listErrors(verbs, field, 'verbs must contain at least one value', 'verbs');
}

function resourceErrors(rule: ResourcePolicyRule, field: string): FieldError[] {
  const { verbs = [], apiGroups = [], resources = [], namespaces = [], clusterScope = false } = rule;
  const at = `${field}.namespaces`;
  const supply = (what: string) => `resource rules must supply at least one ${what}`;
  const errors = [
    ...verbErrors(verbs, `${field}.verbs`),
    ...listErrors(apiGroups, `${field}.apiGroups`, supply('api group'), 'api groups'),
    ...listErrors(resources, `${field}.resources`, supply('resource'), 'resources'),
  ];
  if (namespaces.length === 0 && clusterScope) return errors;
  const missing = 'resource rules that are not cluster scoped must supply at least one namespace';
  errors.push(...listErrors(namespaces, at, missing, 'namespaces'));
  if (namespaces.includes('*')) return errors;
  namespaces.forEach((namespace, index) => {
    for (const text of nameIsDNSLabel(namespace, false)) {
      const detail = `each member of this list must be '*' or a DNS-1123 label; ${text}`;
      errors.push(invalid(`${at}[${index}]`, namespace, detail));
    }
  });
  return errors;
}

function pathErrors(
  { verbs = [], nonResourceURLs: paths = [] }: NonResourcePolicyRule,
  field: string,
): FieldError[] {
  const at = `${field}.nonResourceURLs`;
  const missing = 'nonResourceURLs must contain at least one value';
  const errors = [
    ...verbErrors(verbs, `${field}.verbs`),
    ...listErrors(paths, at, missing, 'non-resource URLs'),
  ];
  if (paths.includes('*')) return errors;
  paths.forEach((path, index) => {
    const fault = pathFault(path);
    if (fault !== undefined) errors.push(invalid(`${at}[${index}]`, path, fault));
  });
  return errors;
}

/** Models ValidateNonResourceURLPath. */
function pathFault(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (!path.startsWith('/')) return 'must start with slash';
  if (path.includes(' ')) return 'must not contain white-space';
  if (path.includes('//')) return 'must not contain double slash';
  const stars = path.split('*').length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith('/*'))
    ? 'wildcard can only do suffix matching'
    : undefined;
}

/** Models ValidatePriorityLevelConfiguration. */
function validatePriorityLevel(object: KubeObject): FieldError[] {
  const { name = '' } = object.metadata;
  const spec = object.spec as PriorityLevelSpec;
  const errors = levelErrors(name, spec);
  const fixed = fixedSpec('PriorityLevelConfiguration', name) as PriorityLevelSpec | undefined;
  if (fixed !== undefined) {
    const isExempt = name === 'exempt';
    const compared = isExempt ? { ...spec, exempt: fixed.exempt } : spec;
    const except = isExempt ? " except the 'spec.exempt' field" : '';
    if (!decodedEqual(internalLevel(compared), internalLevel(fixed))) {
      const detail = `spec of '${name}'${except} must equal the fixed value`;
      errors.push(invalid('spec', goJson(internalLevel(spec)), detail));
    }
  }
  return [...errors, ...conditionErrors(object)];
}

interface Lending {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
  readonly borrowingLimitPercent?: number;
}
type PriorityLevelSpec = Omit<PriorityLevelConfigurationSpec, 'limited'> & {
  readonly limited?: LimitedPriorityLevelConfiguration & Lending;
  readonly exempt?: Lending;
};

function levelErrors(name: string, { type, limited, exempt }: PriorityLevelSpec): FieldError[] {
  const errors: FieldError[] = [];
  if ((name === 'exempt') !== (type === 'Exempt')) {
    errors.push(invalid('spec.type', type ?? '', "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  switch (type) {
    case 'Exempt':
      if (limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
      if (exempt) errors.push(...lendingErrors(exempt, 'spec.exempt'));
      break;
    case 'Limited':
      if (exempt) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
      if (!limited) errors.push(required('spec.limited', 'must not be empty when type is Limited'));
      else {
        errors.push(
          ...lendingErrors(limited, 'spec.limited'),
          ...responseErrors(limited.limitResponse ?? {}, 'spec.limited.limitResponse'),
        );
      }
      break;
    default:
      errors.push(notSupported('spec.type', type ?? '', ['Exempt', 'Limited']));
  }
  return errors;
}

function lendingErrors(lending: Lending, field: string): FieldError[] {
  const {
    nominalConcurrencyShares: shares = 0,
    lendablePercent = 0,
    borrowingLimitPercent: limit = 0,
  } = lending;
  const errors: FieldError[] = [];
  if (shares < 0) {
    errors.push(invalid(`${field}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
  }
  if (lendablePercent < 0 || lendablePercent > 100) {
    const detail = 'must be between 0 and 100, inclusive';
    errors.push(invalid(`${field}.lendablePercent`, lendablePercent, detail));
  }
  if (limit < 0) {
    const detail = 'if specified, must be a non-negative integer';
    errors.push(invalid(`${field}.borrowingLimitPercent`, limit, detail));
  }
  return errors;
}

function responseErrors({ type, queuing }: Partial<LimitResponse>, field: string): FieldError[] {
  const at = `${field}.queuing`;
  switch (type) {
    case 'Reject':
      return queuing ? [forbidden(at, 'must be nil if limited.limitResponse.type is not Limited')] : [];
    case 'Queue':
      if (queuing) return queuingErrors(queuing, at);
      return [required(at, 'must not be empty if limited.limitResponse.type is Limited')];
    default:
      return [notSupported(`${field}.type`, type ?? '', ['Queue', 'Reject'])];
  }
}

/** Models ValidatePriorityLevelQueuingConfiguration. */
function queuingErrors(queuing: QueuingConfiguration, field: string): FieldError[] {
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  const errors: FieldError[] = [];
  const positive = 'must be positive';
  if (queueLengthLimit <= 0) errors.push(invalid(`${field}.queueLengthLimit`, queueLengthLimit, positive));
  if (queues <= 0) errors.push(invalid(`${field}.queues`, queues, positive));
  else if (queues > MAX_QUEUES) {
    errors.push(invalid(`${field}.queues`, queues, `must not be greater than ${MAX_QUEUES}`));
  }
  const hand = `${field}.handSize`;
  if (handSize <= 0) errors.push(invalid(hand, handSize, positive));
  else if (handSize > queues) {
    errors.push(invalid(hand, handSize, `should not be greater than queues (${queues})`));
  } else if (entropyBits(queues, handSize) > MAX_HASH_BITS) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`;
    errors.push(invalid(hand, handSize, detail));
  }
  return errors;
}

/** How many bits tell all hands apart. Models util/shufflesharding RequiredEntropyBits. */
function entropyBits(deckSize: number, handSize: number): number {
  let bits = 0;
  for (let dealt = 0; dealt < handSize; dealt++) bits += Math.log2(deckSize - dealt);
  return Math.ceil(bits);
}

function conditionErrors({ status }: KubeObject): FieldError[] {
  const conditions: readonly { readonly type?: string }[] = status?.conditions ?? [];
  return conditions.flatMap(({ type = '' }, index) => {
    const field = `status.conditions[${index}].type`;
    const isAgain = conditions.findIndex((other) => other.type === type) < index;
    return [...(isAgain ? [duplicate(field, type)] : []), ...(type === '' ? [required(field)] : [])];
  });
}

/** The spec that an object of this name has to have; undefined if it may have any. */
function fixedSpec(kind: string, name: string): unknown {
  if (!MANDATORY.includes(name)) return undefined;
  return flowControlObjects().find((object) => object.kind === kind && object.metadata.name === name)?.spec;
}

/** As upstream holds it, which is how its errors show it. */
const internalSchema = (spec: FlowSchemaSpec) => ({
  PriorityLevelConfiguration: { Name: spec.priorityLevelConfiguration?.name ?? '' },
  MatchingPrecedence: spec.matchingPrecedence ?? 0,
  DistinguisherMethod: spec.distinguisherMethod ? { Type: spec.distinguisherMethod.type } : null,
  Rules: orNull(spec.rules, ({ subjects, resourceRules, nonResourceRules }) => ({
    Subjects: orNull(subjects, ({ kind, user, group, serviceAccount }) => ({
      Kind: kind,
      User: user ? { Name: user.name } : null,
      Group: group ? { Name: group.name } : null,
      ServiceAccount: serviceAccount
        ? { Namespace: serviceAccount.namespace, Name: serviceAccount.name }
        : null,
    })),
    ResourceRules: orNull(resourceRules, (rule) => ({
      Verbs: rule.verbs,
      APIGroups: rule.apiGroups,
      Resources: rule.resources,
      ClusterScope: rule.clusterScope ?? false,
      Namespaces: rule.namespaces ?? null,
    })),
    NonResourceRules: orNull(nonResourceRules, (rule) => ({
      Verbs: rule.verbs,
      NonResourceURLs: rule.nonResourceURLs,
    })),
  })),
});

const internalLevel = ({ type, limited, exempt }: PriorityLevelSpec) => ({
  Type: type,
  Limited: limited
    ? {
        NominalConcurrencyShares: limited.nominalConcurrencyShares ?? 0,
        LimitResponse: {
          Type: limited.limitResponse?.type ?? '',
          Queuing: limited.limitResponse?.queuing
            ? {
                Queues: limited.limitResponse.queuing.queues ?? 0,
                QueueLengthLimit: limited.limitResponse.queuing.queueLengthLimit ?? 0,
                HandSize: limited.limitResponse.queuing.handSize ?? 0,
              }
            : null,
        },
        LendablePercent: limited.lendablePercent ?? null,
        BorrowingLimitPercent: limited.borrowingLimitPercent ?? null,
      }
    : null,
  Exempt: exempt
    ? {
        NominalConcurrencyShares: exempt.nominalConcurrencyShares ?? null,
        LendablePercent: exempt.lendablePercent ?? null,
      }
    : null,
});

const orNull = <T, U>(list: readonly T[] | undefined, one: (item: T) => U): readonly U[] | null =>
  list === undefined || list.length === 0 ? null : list.map(one);

export const flowSchema: Strategy = {
  ...specAndStatus(),
  validate: validateFlowSchema,
  validateUpdate: validateFlowSchema,
};
export const priorityLevel: Strategy = {
  ...specAndStatus(),
  validate: validatePriorityLevel,
  validateUpdate: validatePriorityLevel,
};
