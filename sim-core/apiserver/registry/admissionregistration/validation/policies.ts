import { goJson } from '../../../../apimachinery/validation/field-error.ts';
import { parseApiVersion } from '../../../../apimachinery/object.ts';
import {
  duplicate,
  FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooMany,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import {
  isDNS1035Label,
  isDNS1123Subdomain,
  isQualifiedName,
  nameIsDNSSubdomain,
  nameIsPathSegment,
} from '../../../../apimachinery/validation/names.ts';
import { compileMatchCondition, PolicyCompiler } from '../../../cel/admission.ts';
import { CompilationError } from '../../../cel/errors.ts';
import type {
  AuditAnnotation,
  MatchCondition,
  MatchResources,
  Mutation,
  MutatingPolicySpec,
  ParamRef,
  Policy,
  PolicyBinding,
  Validation,
  ValidatingPolicySpec,
  Variable,
} from '../types.ts';
import { validateMatchResources } from './rules.ts';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const ACTIONS = ['Audit', 'Deny', 'Warn'];
const MUTATING_OPERATIONS = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const PATCH_TYPES = ['ApplyConfiguration', 'JSONPatch'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];
const MAX_MATCH_CONDITIONS = 64;
const MAX_AUDIT_ANNOTATIONS = 20;
const MAX_VALUE_EXPRESSION = 5 * 1024;
const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const RESERVED =
  /^(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/;
const NEWLINES = /[\n\r]/;

/** What an expression's compiler has to say against it. */
function compiled(expression: string, field: string, compile: () => unknown): FieldError[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (error instanceof CompilationError) {
      return [
        error.isInternal
          ? new FieldError('Internal', field, undefined, error.message)
          : invalid(field, expression, error.message),
      ];
    }
    throw error;
  }
}

/** Models validateValidatingAdmissionPolicySpec. */
export function validateValidatingPolicy({ metadata, spec }: Policy<ValidatingPolicySpec>): FieldError[] {
  const { validations = [], auditAnnotations = [] } = spec;
  const compiler = new PolicyCompiler(spec);
  const errors = policyErrors(spec, compiler);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('spec.validations', detail), required('spec.auditAnnotations', detail)];
  }
  validations.forEach((validation, index) => {
    errors.push(...validationErrors(validation, `spec.validations[${index}]`, compiler));
  });
  if (auditAnnotations.length > MAX_AUDIT_ANNOTATIONS) {
    const detail = `must not have more than ${MAX_AUDIT_ANNOTATIONS} auditAnnotations`;
    errors.push(
      invalid(
        'spec.auditAnnotations',
        goJson(
          auditAnnotations.map(({ key, valueExpression }) => ({
            Key: key,
            ValueExpression: valueExpression,
          })),
        ),
        detail,
      ),
    );
  }
  auditAnnotations.forEach((annotation, index) => {
    const field = `spec.auditAnnotations[${index}]`;
    errors.push(...annotationErrors(annotation, field, metadata.name ?? '', compiler));
    if (auditAnnotations.findIndex(({ key }) => key === annotation.key) < index) {
      errors.push(duplicate(`${field}.key`, annotation.key));
    }
  });
  return errors;
}

/** Models validateMutatingAdmissionPolicySpec. */
export function validateMutatingPolicy({ spec }: Policy<MutatingPolicySpec>): FieldError[] {
  const { mutations = [], reinvocationPolicy } = spec;
  const compiler = new PolicyCompiler(spec, true);
  const errors = [
    ...policyErrors(spec, compiler),
    ...mutatingOperations(spec.matchConstraints, 'spec.matchConstraints'),
  ];
  if (mutations.length === 0) {
    errors.push(required('spec.mutations', 'mutations must contain at least one item'));
  }
  mutations.forEach((mutation, index) => {
    errors.push(...mutationErrors(mutation, `spec.mutations[${index}]`, compiler));
  });
  if (!reinvocationPolicy) errors.push(required('spec.reinvocationPolicy'));
  else if (!REINVOCATION_POLICIES.includes(reinvocationPolicy)) {
    errors.push(notSupported('spec.reinvocationPolicy', reinvocationPolicy, REINVOCATION_POLICIES));
  }
  return errors;
}

/** What both kinds of policies have. */
function policyErrors(
  spec: ValidatingPolicySpec | MutatingPolicySpec,
  compiler: PolicyCompiler,
): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  const errors: FieldError[] = [];
  if (failurePolicy !== undefined && !FAILURE_POLICIES.includes(failurePolicy)) {
    errors.push(notSupported('spec.failurePolicy', failurePolicy, FAILURE_POLICIES));
  }
  if (paramKind !== undefined) errors.push(...paramKindErrors(paramKind, 'spec.paramKind'));
  if (matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else {
    errors.push(...validateMatchResources(matchConstraints, 'spec.matchConstraints'));
    // Rules say which types expressions meet.
    if ((matchConstraints.resourceRules ?? []).length === 0) {
      errors.push(required('spec.matchConstraints.resourceRules'));
    }
  }
  errors.push(
    ...validateMatchConditions(matchConditions, 'spec.matchConditions', (expression) =>
      compileMatchCondition(expression, { hasParams: paramKind !== undefined }),
    ),
  );
  variables.forEach((variable, index) => {
    errors.push(...variableErrors(variable, `spec.variables[${index}]`, compiler));
  });
  return errors;
}

function paramKindErrors(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!apiVersion) errors.push(required(`${field}.apiVersion`));
  else if (apiVersion.split('/').length > 2) {
    errors.push(invalid(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  } else {
    const { group, version } = parseApiVersion(apiVersion);
    const groupFaults = group === '' ? [] : isDNS1123Subdomain(group);
    if (groupFaults.length > 0) errors.push(invalid(`${field}.apiVersion`, group, groupFaults.join(',')));
    const versionFaults = isDNS1035Label(version);
    if (versionFaults.length > 0)
      errors.push(invalid(`${field}.apiVersion`, version, versionFaults.join(',')));
  }
  if (!kind) return [...errors, required(`${field}.kind`)];
  const faults = isDNS1035Label(kind.toLowerCase());
  const detail = `may have mixed case, but should otherwise match: ${faults.join(',')}`;
  return faults.length === 0 ? errors : [...errors, invalid(`${field}.kind`, kind, detail)];
}

/** Models validateMatchConditions. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  field: string,
  compile: (expression: string) => unknown,
): FieldError[] {
  const list = conditions ?? [];
  const errors =
    list.length > MAX_MATCH_CONDITIONS ? [tooMany(field, list.length, MAX_MATCH_CONDITIONS)] : [];
  list.forEach(({ name = '', expression = '' }, index) => {
    const at = `${field}[${index}]`;
    const trimmed = expression.trim();
    if (trimmed === '') errors.push(required(`${at}.expression`));
    else errors.push(...compiled(trimmed, `${at}.expression`, () => compile(trimmed)));
    if (name === '') errors.push(required(`${at}.name`));
    else errors.push(...isQualifiedName(name).map((text) => invalid(`${at}.name`, name, text)));
    if (list.findIndex((other) => other.name === name) < index) errors.push(duplicate(`${at}.name`, name));
  });
  return errors;
}

function variableErrors(
  { name = '', expression = '' }: Variable,
  field: string,
  compiler: PolicyCompiler,
): FieldError[] {
  const errors: FieldError[] = [];
  if (name.trim() === '') errors.push(required(`${field}.name`, 'name is not specified'));
  else if (!IDENTIFIER.test(name) || RESERVED.test(name)) {
    errors.push(invalid(`${field}.name`, name, 'must be a valid CEL identifier'));
  }
  if (expression.trim() === '') {
    return [...errors, required(`${field}.expression`, 'expression is not specified')];
  }
  return [
    ...errors,
    ...compiled(expression, `${field}.expression`, () => compiler.variable(name, expression)),
  ];
}

function validationErrors(validation: Validation, field: string, compiler: PolicyCompiler): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const errors: FieldError[] = [];
  if (expression.trim() === '') errors.push(required(`${field}.expression`, 'expression is not specified'));
  else errors.push(...compiled(expression, `${field}.expression`, () => compiler.validation(expression)));
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(invalid(`${field}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  } else if (messageExpression !== '') {
    errors.push(
      ...compiled(messageExpression, `${field}.messageExpression`, () => compiler.message(messageExpression)),
    );
  }
  if (message !== '' && message.trim() === '') {
    errors.push(invalid(`${field}.message`, message, 'must be non-empty if specified'));
  } else if (NEWLINES.test(message.trim())) {
    errors.push(invalid(`${field}.message`, message, 'must not contain line breaks'));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${field}.reason`, reason, REASONS));
  }
  return errors;
}

function annotationErrors(
  { key = '', valueExpression = '' }: AuditAnnotation,
  field: string,
  policy: string,
  compiler: PolicyCompiler,
): FieldError[] {
  const name = `${policy}/${key}`;
  const errors =
    policy === ''
      ? [invalid(`${field}.key`, key, 'requires metadata.name be non-empty')]
      : isQualifiedName(name).map((text) => invalid(`${field}.key`, name, text));
  const trimmed = valueExpression.trim();
  const at = `${field}.valueExpression`;
  if (trimmed === '') return [...errors, required(at, 'valueExpression is not specified')];
  if (trimmed.length > MAX_VALUE_EXPRESSION) {
    return [...errors, required(at, `must not exceed ${MAX_VALUE_EXPRESSION} bytes in length`)];
  }
  return [...errors, ...compiled(valueExpression, at, () => compiler.annotation(trimmed))];
}

function mutationErrors(mutation: Mutation, field: string, compiler: PolicyCompiler): FieldError[] {
  const { patchType, applyConfiguration, jsonPatch } = mutation;
  if (!patchType) return [required(`${field}.patchType`)];
  const rows = {
    ApplyConfiguration: {
      name: 'applyConfiguration',
      own: applyConfiguration,
      other: 'jsonPatch',
      foreign: jsonPatch,
    },
    JSONPatch: {
      name: 'jsonPatch',
      own: jsonPatch,
      other: 'applyConfiguration',
      foreign: applyConfiguration,
    },
  } as const;
  if (patchType !== 'ApplyConfiguration' && patchType !== 'JSONPatch') {
    return [notSupported(`${field}.patchType`, patchType, PATCH_TYPES)];
  }
  const { name, own, other, foreign } = rows[patchType];
  const errors: FieldError[] = [];
  if (foreign !== undefined) {
    errors.push(
      invalid(`${field}.${other}`, `{${other}}`, `must not be specified when patchType is ${patchType}`),
    );
  }
  if (own === undefined) {
    return [...errors, required(`${field}.${name}`, `must be specified when patchType is ${patchType}`)];
  }
  const at = `${field}.${name}.expression`;
  if ((own.expression ?? '').trim() === '') return [...errors, required(at)];
  return [...errors, ...compiled(own.expression, at, () => compiler.mutation(own.expression, patchType))];
}

/** Models validateValidatingAdmissionPolicyBindingSpec. */
export function validateValidatingBinding(binding: PolicyBinding): FieldError[] {
  return [...bindingErrors(binding), ...actionErrors(binding.spec.validationActions ?? [])];
}

export function validateMutatingBinding(binding: PolicyBinding): FieldError[] {
  return [
    ...bindingErrors(binding),
    ...mutatingOperations(binding.spec.matchResources, 'spec.matchResources'),
  ];
}

/** Only what is created, updated or connected to can be changed. */
const mutatingOperations = (resources: MatchResources | undefined, field: string): FieldError[] =>
  (resources?.resourceRules ?? [])
    .flatMap(({ operations = [] }) => operations)
    .filter((operation) => !MUTATING_OPERATIONS.includes(operation))
    .map((operation) => notSupported(`${field}.resourceRules.operations`, operation, MUTATING_OPERATIONS));

function bindingErrors({ spec }: PolicyBinding): FieldError[] {
  const { policyName, paramRef, matchResources } = spec;
  return [
    ...(policyName
      ? nameIsDNSSubdomain(policyName, false).map((text) => invalid('spec.policyName', policyName, text))
      : [required('spec.policyName')]),
    ...(paramRef === undefined ? [] : paramRefErrors(paramRef, 'spec.paramRef')),
    ...validateMatchResources(matchResources, 'spec.matchResources'),
  ];
}

function paramRefErrors(ref: ParamRef, field: string): FieldError[] {
  const { name = '', selector, parameterNotFoundAction: action } = ref;
  const errors: FieldError[] = [];
  if (name !== '') {
    errors.push(...nameIsPathSegment(name, false).map((text) => invalid(`${field}.name`, name, text)));
    if (selector !== undefined) {
      errors.push(forbidden(`${field}.name`, 'name and selector are mutually exclusive'));
    }
  }
  if (selector !== undefined) {
    errors.push(...validateLabelSelector(selector, `${field}.selector`));
    if (name !== '') errors.push(forbidden(`${field}.selector`, 'name and selector are mutually exclusive'));
  }
  if (name === '' && selector === undefined) {
    errors.push(required(field, 'one of name or selector must be specified'));
  }
  if (!action) errors.push(required(`${field}.parameterNotFoundAction`));
  else if (action !== 'Deny' && action !== 'Allow') {
    errors.push(notSupported(`${field}.parameterNotFoundAction`, action, ['Deny', 'Allow']));
  }
  return errors;
}

/** Models validateValidationActions. */
function actionErrors(actions: readonly string[]): FieldError[] {
  const field = 'spec.validationActions';
  const errors = actions.flatMap((action, index) => [
    ...(ACTIONS.includes(action) ? [] : [notSupported(`${field}[${index}]`, action, ACTIONS)]),
    ...(actions.indexOf(action) < index ? [duplicate(`${field}[${index}]`, action)] : []),
  ]);
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(field, goJson(actions), detail));
  }
  if (actions.length === 0) errors.push(required(field, 'at least one validation action is required'));
  return errors;
}
