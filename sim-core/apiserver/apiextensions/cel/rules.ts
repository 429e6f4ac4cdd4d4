import type { Environment } from '@marcbachmann/cel-js';
import { Optional } from '@marcbachmann/cel-js';
import { deepEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  GoLiteral,
  invalid,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import type { Program } from '../../cel/compile.ts';
import { compile } from '../../cel/compile.ts';
import { baseEnvironment } from '../../cel/environment.ts';
import { CompilationError, ExpressionError } from '../../cel/errors.ts';
import type { RuleValidator } from '../customresource/strategy.ts';
import { additionalSchema, isObject } from '../schema/traverse.ts';
import type { JSONSchemaProps, ValidationRule } from '../types.ts';
import type { SchemaType } from './types.ts';
import { SchemaTypes } from './types.ts';

const MAX_MESSAGE = 5 * 1024;

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
  readonly type: SchemaType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, CompiledSchema>;
  readonly additional: CompiledSchema | undefined;
  readonly items: CompiledSchema | undefined;
}

function compileSchema(
  schema: JSONSchemaProps,
  isResource: boolean,
  base: () => Environment,
): CompiledSchema | undefined {
  const own = schema['x-kubernetes-validations'] ?? [];
  const properties = new Map<string, CompiledSchema>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const compiled = compileSchema(property, false, base);
    if (compiled !== undefined) properties.set(name, compiled);
  }
  const values = additionalSchema(schema);
  const additional = values === undefined ? undefined : compileSchema(values, false, base);
  const items = schema.items === undefined ? undefined : compileSchema(schema.items, false, base);
  if (own.length === 0 && properties.size === 0 && additional === undefined && items === undefined)
    return undefined;
  let type: SchemaType | undefined;
  let rules: readonly CompiledRule[] = [];
  if (own.length > 0) {
    const environment = base();
    const self = (type = new SchemaTypes(environment).of(schema, isResource));
    environment.registerVariable('self', self.name);
    rules = own.map((rule) => compileRule(rule, environment, self));
  }
  return { schema, type, rules, properties, additional, items };
}

function compileRule(rule: ValidationRule, self: Environment, { name }: SchemaType): CompiledRule {
  const environment = self.clone();
  environment.registerVariable('oldSelf', rule.optionalOldSelf ? `optional<${name}>` : name);
  const attempt = (expression: string, type: string, otherwise: string, prefix: string) => {
    try {
      const program = compile(environment, expression, []);
      return program.type === type || program.type === 'dyn' ? program : new CompilationError(otherwise);
    } catch (error) {
      if (error instanceof CompilationError) return new CompilationError(prefix + error.message);
      throw error;
    }
  };
  const program = attempt(rule.rule, 'bool', 'cel expression must evaluate to a bool', '');
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
          )
        : undefined,
    usesOldSelf: !(program instanceof CompilationError) && program.mentions('oldSelf'),
  };
}

/** Environments are costly: all schemas of one definition clone one. */
function environments(): () => Environment {
  let base: Environment | undefined;
  return () => (base ??= baseEnvironment()).clone();
}

/** As Go prints the rule that a complaint is about. */
const ruleValue = ({ rule, message = '', messageExpression = '', fieldPath = '' }: ValidationRule) =>
  new GoLiteral(
    `apiextensions.ValidationRule{Rule:${goQuote(rule)}, Message:${goQuote(message)}, MessageExpression:${goQuote(messageExpression)}, Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:${goQuote(fieldPath)}, OptionalOldSelf:(*bool)(nil)}`,
  );

/**
 * What does not compile of a schema's rules. `field` is where the schema stands; the rules of a part in or
 * below which there are `schemaErrors` are not looked at.
 * Models apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema, its part about rules.
 */
export function checkRules(
  schema: JSONSchemaProps,
  field: string,
  schemaErrors: readonly FieldError[],
): FieldError[] {
  const compiled = compileSchema(schema, true, environments());
  return compiled === undefined ? [] : check(compiled, field, schemaErrors, undefined);
}

function check(
  compiled: CompiledSchema,
  field: string,
  schemaErrors: readonly FieldError[],
  uncorrelatable: string | undefined,
): FieldError[] {
  const { schema } = compiled;
  const isSound = !schemaErrors.some(({ field: wrong }) => wrong.startsWith(`${field}.`));
  const errors = (isSound ? compiled.rules : []).flatMap(({ rule, program, message, usesOldSelf }, index) => {
    const at = `${field}.x-kubernetes-validations[${index}]`;
    const found: FieldError[] = [];
    if (program instanceof CompilationError)
      found.push(invalid(`${at}.rule`, ruleValue(rule), program.message));
    if (message instanceof CompilationError) {
      found.push(invalid(`${at}.messageExpression`, ruleValue(rule), message.message));
    }
    if (usesOldSelf && uncorrelatable !== undefined) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
      found.push(invalid(`${at}.rule`, rule.rule, detail));
    } else if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
      const detail = 'may not be set if oldSelf is not used in rule';
      found.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, detail));
    }
    return found;
  });
  const inside = schema['x-kubernetes-map-type'] === 'atomic' ? (uncorrelatable ?? field) : uncorrelatable;
  for (const [name, property] of compiled.properties) {
    errors.push(...check(property, `${field}.properties[${name}]`, schemaErrors, inside));
  }
  if (compiled.additional !== undefined) {
    errors.push(...check(compiled.additional, `${field}.additionalProperties`, schemaErrors, uncorrelatable));
  }
  if (compiled.items !== undefined) {
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    errors.push(
      ...check(
        compiled.items,
        `${field}.items`,
        schemaErrors,
        isMap ? uncorrelatable : (uncorrelatable ?? field),
      ),
    );
  }
  return errors;
}

/** The rules of a custom resource, for whole objects and for their status. Models schema/cel/validation.go. */
export function rulesOf(schema: JSONSchemaProps): {
  readonly object?: RuleValidator;
  readonly status?: RuleValidator;
} {
  const object = compileSchema(schema, true, environments());
  const status = object?.properties.get('status');
  return {
    ...(object !== undefined && { object: validatorOf(object) }),
    ...(status !== undefined && { status: validatorOf(status) }),
  };
}

const validatorOf = (compiled: CompiledSchema): RuleValidator => ({
  validate: (value, old, field) => validate(compiled, value, old, field),
});

function validate(compiled: CompiledSchema, value: Json, old: Json | undefined, field: string): FieldError[] {
  if (value === null) return [];
  const errors = evaluateRules(compiled, value, old ?? undefined, field);
  if (Array.isArray(value)) {
    const { items, schema } = compiled;
    if (items === undefined) return errors;
    const keys =
      schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : undefined;
    value.forEach((item, index) => {
      errors.push(...validate(items, item, counterpart(item, old, keys), `${field}[${index}]`));
    });
    return errors;
  }
  if (!isObject(value)) return errors;
  const before = isObject(old) ? old : {};
  for (const key of Object.keys(value)) {
    const property = compiled.properties.get(key);
    const inner = property ?? compiled.additional;
    if (inner === undefined) continue;
    const at = property === undefined ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    errors.push(...validate(inner, value[key]!, was, at));
  }
  return errors;
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

function evaluateRules(
  { rules, type, schema }: CompiledSchema,
  value: Json,
  old: Json | undefined,
  field: string,
): FieldError[] {
  if (rules.length === 0 || type === undefined) return [];
  const shown = schema.type ?? '';
  const at = field === '' ? '<nil>' : field;
  const self = type.valueOf(value);
  const oldSelf = old === undefined ? undefined : type.valueOf(old);
  return rules.flatMap(({ rule, program, message, usesOldSelf }): FieldError[] => {
    if (program instanceof CompilationError)
      return [invalid(at, shown, `rule compile error: ${program.message}`)];
    const optional = rule.optionalOldSelf === true;
    if (usesOldSelf && old === undefined && !optional) return [];
    const variables = {
      self,
      oldSelf: optional ? (oldSelf === undefined ? Optional.none() : Optional.of(oldSelf)) : oldSelf,
    };
    try {
      if (program.evaluate(variables) === true) return [];
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return [invalid(at, shown, failure(error.message, rule))];
    }
    const where = rule.fieldPath ? (field === '' ? rule.fieldPath.slice(1) : field + rule.fieldPath) : at;
    return [errorOf(where, shown, messageOf(message, variables) ?? defaultMessage(rule), rule.reason)];
  });
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

function messageOf(
  program: CompiledRule['message'],
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  if (program === undefined || program instanceof CompilationError) return undefined;
  try {
    const text = program.evaluate(variables);
    const trimmed = typeof text === 'string' ? text.trim() : '';
    return trimmed === '' || trimmed.length > MAX_MESSAGE || trimmed.includes('\n') ? undefined : trimmed;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
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
