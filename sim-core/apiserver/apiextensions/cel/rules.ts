import { deepEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import {
  duplicate,
  FieldError,
  forbidden,
  GoLiteral,
  invalid,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import type { Declarations } from '../../cel/checker/checker.ts';
import type { Type } from '../../cel/checker/types.ts';
import { formatType, optionalType } from '../../cel/checker/types.ts';
import type { Program } from '../../cel/compile.ts';
import { compile } from '../../cel/compile.ts';
import { CompilationError, ExpressionError } from '../../cel/errors.ts';
import type { Evaluation, Variables } from '../../cel/interpreter.ts';
import { FUNCTIONS } from '../../cel/library/declarations.ts';
import { CelOptional } from '../../cel/values.ts';
import type { RuleValidator } from '../customresource/strategy.ts';
import { additionalSchema, isObject } from '../schema/traverse.ts';
import type { JSONSchemaProps, ValidationRule } from '../types.ts';
import { RuleCosts } from './rule-costs.ts';
import type { SchemaType } from './types.ts';
import { schemaType } from './types.ts';

const MAX_MESSAGE = 5 * 1024;
/** What all rules of one object may cost together. Models k8s.io/apiserver/pkg/apis/cel/config.go. */
const RUNTIME_BUDGET = 10_000_000;

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program: Program | CompilationError;
  readonly message: Program | CompilationError | undefined;
  /** The rule compares with what was there before. */
  readonly usesOldSelf: boolean;
}

/** The rules of one part of a schema, and of the parts below it that have some. */
interface CompiledSchema {
  readonly schema: JSONSchemaProps;
  /** undefined for a part that has no rules, or that expressions cannot see. */
  readonly type: SchemaType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, CompiledSchema>;
  readonly additional: CompiledSchema | undefined;
  readonly items: CompiledSchema | undefined;
}

function compileSchema(
  schema: JSONSchemaProps,
  isResource: boolean,
  types: TypeNames,
): CompiledSchema | undefined {
  const own = schema['x-kubernetes-validations'] ?? [];
  const inner = (part: JSONSchemaProps) =>
    compileSchema(part, part['x-kubernetes-embedded-resource'] === true, types);
  const properties = new Map<string, CompiledSchema>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const compiled = inner(property);
    if (compiled !== undefined) properties.set(name, compiled);
  }
  const values = additionalSchema(schema);
  const additional = values === undefined ? undefined : inner(values);
  const items = schema.items === undefined ? undefined : inner(schema.items);
  if (own.length === 0 && properties.size === 0 && additional === undefined && items === undefined)
    return undefined;
  const type = own.length === 0 ? undefined : schemaType(schema, isResource, types.next());
  // A rule that says nothing is refused for that: there is nothing to compile.
  const said = own.filter(({ rule = '' }) => rule.trim() !== '');
  const rules = type === undefined ? [] : said.map((rule) => compileRule(rule, type));
  return { schema, type, rules, properties, additional, items };
}

/** Names for the types of what "self" is, none of them twice. */
class TypeNames {
  #count = 0;
  next(): string {
    return `selfType${this.#count++}`;
  }
}

/** What rules about a type may speak of. */
function declarationsOf(self: SchemaType, { optionalOldSelf }: ValidationRule): Declarations {
  const objects = new Map<string, SchemaType>();
  const collect = (type: SchemaType | undefined): void => {
    if (type === undefined) return;
    if (type.fields !== undefined) objects.set(formatType(type.type), type);
    type.fields?.forEach(collect);
    collect(type.elements);
  };
  collect(self);
  return {
    variables: new Map<string, Type>([
      ['self', self.type],
      ['oldSelf', optionalOldSelf ? optionalType(self.type) : self.type],
    ]),
    celGo: '0.16',
    functions: FUNCTIONS,
    fieldsOf: (name) => {
      const fields = objects.get(name)?.fields;
      return fields && ((field) => fields.get(field)?.type);
    },
  };
}

function compileRule(rule: ValidationRule, self: SchemaType): CompiledRule {
  const declarations = declarationsOf(self, rule);
  const attempt = (
    expression: string,
    type: string,
    otherwise: string,
    prefix: string,
    instantiation: string,
  ) => {
    try {
      const program = compile(declarations, expression);
      if (program.type.kind !== type) return new CompilationError(otherwise);
      const { fault } = program;
      return fault === undefined ? program : new CompilationError(`${instantiation} failed: ${fault}`);
    } catch (error) {
      if (error instanceof CompilationError) return new CompilationError(prefix + error.message);
      throw error;
    }
  };
  const program = attempt(
    rule.rule,
    'bool',
    'cel expression must evaluate to a bool',
    '',
    'program instantiation',
  );
  return {
    rule,
    program,
    message:
      rule.messageExpression && !(program instanceof CompilationError)
        ? attempt(
            rule.messageExpression,
            'string',
            'messageExpression must evaluate to a string',
            'messageExpression ',
            'messageExpression instantiation',
          )
        : undefined,
    usesOldSelf: !(program instanceof CompilationError) && program.mentions('oldSelf'),
  };
}

/** As Go prints the rule that a complaint is about. */
const ruleValue = ({ rule, message = '', messageExpression = '', fieldPath = '' }: ValidationRule) =>
  new GoLiteral(
    `apiextensions.ValidationRule{Rule:${goQuote(rule)}, Message:${goQuote(message)}, MessageExpression:${goQuote(messageExpression)}, Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:${goQuote(fieldPath)}}`,
  );

/**
 * What does not compile of a schema's rules, what may cost too much, and what its own defaults break. `field` is where the schema stands;
 * the rules of a part in or below which there are `schemaErrors` are not looked at.
 * Models apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema, its part about rules.
 */
export function checkRules(
  schema: JSONSchemaProps,
  field: string,
  schemaErrors: readonly FieldError[],
): FieldError[] {
  const compiled = compileSchema(schema, true, new TypeNames());
  if (compiled === undefined) return [];
  const costs = new RuleCosts();
  const defaults = checkDefaults(compiled, field);
  const errors = check(compiled, { field, schemaErrors, uncorrelatable: undefined, cardinality: 1n, costs });
  return [...defaults, ...errors, ...costs.totalErrors(field)];
}

/** What rules say of the schema's own defaults. Models schema/defaulting/validation.go, its part about rules. */
function checkDefaults(compiled: CompiledSchema, field: string): FieldError[] {
  const { schema, properties, additional, items } = compiled;
  const { default: value } = schema;
  return [
    ...(value === undefined ? [] : validatorOf(compiled).validate(value, value, `${field}.default`)),
    ...(items === undefined ? [] : checkDefaults(items, `${field}.items`)),
    ...(additional === undefined ? [] : checkDefaults(additional, `${field}.additionalProperties`)),
    ...[...properties].flatMap(([name, property]) => checkDefaults(property, `${field}.properties[${name}]`)),
  ];
}

interface CheckContext {
  readonly field: string;
  readonly schemaErrors: readonly FieldError[];
  /** The part around this one in which old and new values cannot be told apart. */
  readonly uncorrelatable: string | undefined;
  /** How often the part may be in an object; undefined if nothing bounds that. */
  readonly cardinality: bigint | undefined;
  readonly costs: RuleCosts;
}

function check(compiled: CompiledSchema, context: CheckContext): FieldError[] {
  const { schema } = compiled;
  const { field, uncorrelatable, cardinality } = context;
  const times = maxElements(schema);
  const inside = {
    ...context,
    cardinality: cardinality === undefined || times === undefined ? undefined : cardinality * times,
  };
  const errors: FieldError[] = [];
  if (compiled.additional !== undefined) {
    errors.push(...check(compiled.additional, { ...inside, field: `${field}.additionalProperties` }));
  }
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic';
  for (const [name, property] of compiled.properties) {
    errors.push(
      ...check(property, {
        ...inside,
        field: `${field}.properties[${name}]`,
        uncorrelatable: isAtomic ? (uncorrelatable ?? field) : uncorrelatable,
      }),
    );
  }
  if (compiled.items !== undefined) {
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    errors.push(
      ...check(compiled.items, {
        ...inside,
        field: `${field}.items`,
        uncorrelatable: isMap ? uncorrelatable : (uncorrelatable ?? field),
      }),
    );
  }
  return [...errors, ...checkOwn(compiled, context)];
}

/** How often a part's inner parts may be in it; undefined if nothing bounds that. */
function maxElements(schema: JSONSchemaProps): bigint | undefined {
  const bound = (limit: number | undefined) => (limit === undefined ? undefined : BigInt(Math.max(limit, 0)));
  if (schema.type === 'array') return bound(schema.maxItems);
  return schema.type === 'object' && schema.additionalProperties !== undefined
    ? bound(schema.maxProperties)
    : 1n;
}

function checkOwn(
  { schema, type, rules }: CompiledSchema,
  { field, schemaErrors, uncorrelatable, cardinality, costs }: CheckContext,
): FieldError[] {
  const at = `${field}.x-kubernetes-validations`;
  if ((schema['x-kubernetes-validations'] ?? []).length === 0) return [];
  if (schemaErrors.some(({ field: wrong }) => wrong.startsWith(`${field}.`))) return [];
  if (type === undefined) {
    const fault =
      'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
    return [new FieldError('Internal', at, undefined, fault)];
  }
  return rules.flatMap(({ rule, program, message, usesOldSelf }, index) => {
    const found: FieldError[] = [];
    const [ruleAt, messageAt] = [`${at}[${index}].rule`, `${at}[${index}].messageExpression`];
    if (program instanceof CompilationError) found.push(invalid(ruleAt, ruleValue(rule), program.message));
    else found.push(...costs.rule(ruleAt, program, type, cardinality));
    if (message instanceof CompilationError) found.push(invalid(messageAt, ruleValue(rule), message.message));
    else if (message !== undefined) found.push(...costs.message(messageAt, message, type));
    if (usesOldSelf && uncorrelatable !== undefined) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
      found.push(invalid(ruleAt, rule.rule, detail));
    } else if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
      const detail = 'may not be set if oldSelf is not used in rule';
      found.push(invalid(`${at}[${index}].optionalOldSelf`, rule.optionalOldSelf, detail));
    }
    return found;
  });
}

/** The rules of a custom resource; undefined if its schema has none. Models schema/cel/validation.go. */
export function rulesOf(schema: JSONSchemaProps): RuleValidator | undefined {
  const object = compileSchema(schema, true, new TypeNames());
  return object === undefined ? undefined : validatorOf(object);
}

const validatorOf = (compiled: CompiledSchema): RuleValidator => ({
  validate: (value, old, field) => {
    const errors: FieldError[] = [];
    try {
      validate(compiled, value, old, field, { errors, budget: RUNTIME_BUDGET });
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
    }
    return errors;
  },
});

/** No more rules are run on the object. */
class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/** What was found so far, and what may still be spent. */
interface Progress {
  readonly errors: FieldError[];
  budget: number;
}

function validate(
  compiled: CompiledSchema,
  value: Json,
  old: Json | undefined,
  field: string,
  progress: Progress,
): void {
  if (value === null) return;
  evaluateRules(compiled, value, old ?? undefined, field, progress);
  if (Array.isArray(value)) {
    const { items, schema } = compiled;
    if (items === undefined) return;
    const keys =
      schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : undefined;
    value.forEach((item, index) => {
      validate(items, item, counterpart(item, old, keys), `${field}[${index}]`, progress);
    });
    return;
  }
  if (!isObject(value)) return;
  const before = isObject(old) ? old : {};
  for (const key of Object.keys(value)) {
    const property = compiled.properties.get(key);
    const inner = property ?? compiled.additional;
    if (inner === undefined) continue;
    const at = property === undefined ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    validate(inner, value[key]!, was, at, progress);
  }
}

/** The item of the old list that has the same keys. */
function counterpart(
  item: Json,
  old: Json | undefined,
  keys: readonly string[] | undefined,
): Json | undefined {
  if (keys === undefined || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find(
    (known) => isObject(known) && keys.every((key) => deepEqual((known as JsonObject)[key], item[key])),
  );
}

/** Throws an OutOfBudget. Models Validator.validateExpressions. */
function evaluateRules(
  { rules, type, schema }: CompiledSchema,
  value: Json,
  old: Json | undefined,
  field: string,
  progress: Progress,
): void {
  if (rules.length === 0 || type === undefined) return;
  const shown = schema.type ?? '';
  const at = field === '' ? '<nil>' : field;
  const stop = (detail: string): never => {
    progress.errors.push(invalid(at, shown, detail));
    throw new OutOfBudget();
  };
  if (progress.budget <= 0) stop(OUT_OF_BUDGET);
  const self = type.valueOf(value);
  const oldSelf = old === undefined ? undefined : type.valueOf(old);
  for (const { rule, program, message, usesOldSelf } of rules) {
    if (program instanceof CompilationError) {
      progress.errors.push(invalid(at, shown, `rule compile error: ${program.message}`));
      continue;
    }
    const optional = rule.optionalOldSelf === true;
    if (usesOldSelf && old === undefined && !optional) continue;
    const variables = { self, oldSelf: optional ? new CelOptional(oldSelf) : oldSelf };
    const { value: result, cost } = attempt(program, variables);
    if (cost > progress.budget) stop(OUT_OF_BUDGET);
    progress.budget -= cost;
    if (result instanceof ExpressionError) {
      const detail = failure(result.message, rule);
      if (result.isFinal) stop(detail);
      progress.errors.push(invalid(at, shown, detail));
    } else if (result !== true) {
      const where = rule.fieldPath ? (field === '' ? rule.fieldPath.slice(1) : field + rule.fieldPath) : at;
      const told = messageOf(message, rule, variables, progress, stop) ?? defaultMessage(rule);
      progress.errors.push(errorOf(where, shown, told, rule.reason));
    }
  }
}

const OUT_OF_BUDGET =
  'validation failed due to running out of cost budget, no further validation rules will be run';

/** What a program comes to, an ExpressionError if to none, and the cost of that. */
function attempt(program: Program, variables: Variables): Evaluation {
  try {
    // Rules have no authorizer to wait for.
    return program.evaluate(variables) as Evaluation;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { value: error, cost: error.overspent ?? 0 };
  }
}

/** The rule itself where it has no message. */
const ruleText = ({ rule, message = '' }: ValidationRule) => (message === '' ? rule : message).trim();
const defaultMessage = (rule: ValidationRule) =>
  rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;

function failure(text: string, rule: ValidationRule): string {
  if (text.startsWith('no such overload')) {
    return `'${text}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`;
  }
  if (text.startsWith('operation cancelled: actual cost limit exceeded')) {
    return `'${text}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(rule)}`;
  }
  return `${text} evaluating rule: ${ruleText(rule)}`;
}

/** undefined where the expression gives no message to be shown. Models evalMessageExpression. */
function messageOf(
  program: CompiledRule['message'],
  { messageExpression = '' }: ValidationRule,
  variables: Variables,
  progress: Progress,
  stop: (detail: string) => never,
): string | undefined {
  if (program === undefined || program instanceof CompilationError) return undefined;
  const { value, cost } = attempt(program, variables);
  if (cost > progress.budget) {
    stop(
      'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
    );
  }
  if (value instanceof ExpressionError && value.isFinal) {
    stop(
      `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${goQuote(messageExpression)}`,
    );
  }
  progress.budget -= cost;
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed === '' || trimmed.length > MAX_MESSAGE || trimmed.includes('\n') ? undefined : trimmed;
}

function errorOf(field: string, value: string, detail: string, reason: string | undefined): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueDuplicate':
      return duplicate(field, value);
    default:
      return invalid(field, value, detail);
  }
}
