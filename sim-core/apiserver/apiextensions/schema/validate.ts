import { deepEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { isFloat } from '../../../apimachinery/json/float-literals.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import { FieldError, invalid, notSupported, required } from '../../../apimachinery/validation/field-error.ts';
import type { JSONSchemaProps } from '../types.ts';
import { stringFormat } from '../../util/formats.ts';
import { compilePattern } from '../../util/regexp.ts';
import { additionalSchema, isObject } from './traverse.ts';

/** What is wrong, or how much is right: of alternatives that all fail, the one with most matches is shown. */
interface Result {
  readonly errors: FieldError[];
  matches: number;
}

/** `float`: the value is a number that was written as a float. */
type Check = (value: Json, path: string, float?: boolean) => Result;

/** Where upstream has a path that is nil. */
const NO_PATH = '<nil>';

/**
 * Checks values against a schema with kube-openapi's words: "spec.size in body should be less than or
 * equal to 10". Patterns are compiled once.
 *
 * Models k8s.io/kube-openapi/pkg/validation/validate, with
 * k8s.io/apiextensions-apiserver/pkg/apiserver/validation for the field errors.
 */
export class SchemaValidator {
  readonly #check: Check;

  /**
   * Formats that upstream does not support ("int32" among them) are ignored, or kept with `keepsFormats`:
   * they then decide how a value of the wrong type is worded.
   */
  constructor(schema: JSONSchemaProps, { keepsFormats = false } = {}) {
    this.#check = compile(schema, keepsFormats);
  }

  /** `field` stands before the paths of errors ("status"); messages do not repeat it. */
  validate(value: Json, field = ''): FieldError[] {
    const { errors } = this.#check(value, '');
    if (field === '') return errors;
    return errors.map(
      (error) => new FieldError(error.type, childOf(field, error.field), error.value, error.detail),
    );
  }
}

const childOf = (field: string, path: string) =>
  path === NO_PATH || path === '' ? field : `${field}.${path}`;

const TYPE_OF: Readonly<Record<string, string>> = { string: 'string', boolean: 'boolean' };

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return TYPE_OF[typeof value] ?? 'object';
}

/** Runs what applies to a value, in upstream's order. */
function compile(schema: JSONSchemaProps, keepsFormats: boolean): Check {
  const types = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type === undefined || schema.type === ''
      ? []
      : [schema.type];
  const { format: given = '' } = schema;
  const format = keepsFormats || stringFormat(given) !== undefined ? given : '';
  const type = typeCheck(types, schema.nullable === true, format);
  const common = enumCheck(schema.enum);
  const combined = combinedCheck(schema, keepsFormats);
  const text = stringCheck(schema);
  const formatted = formatCheck(format);
  const number = numberCheck(schema);
  const list = listCheck(schema, keepsFormats);
  const object = objectCheck(schema, keepsFormats);
  return (value, path, float) => {
    const result: Result = { errors: [], matches: 0 };
    if (value === null) {
      merge(result, type(value, path), common(value, path));
      return result;
    }
    const checks: (Check | undefined)[] = [
      types.length > 0 || format !== '' ? type : undefined,
      combined,
      typeof value === 'string' ? text : undefined,
      typeof value === 'string' ? formatted : undefined,
      typeof value === 'number' ? number : undefined,
      Array.isArray(value) ? list : undefined,
      common,
      isObject(value) ? object : undefined,
    ];
    for (const check of checks) {
      if (check === undefined) continue;
      merge(result, check(value, path, float));
      result.matches++;
    }
    result.matches++;
    return result;
  };
}

function merge(into: Result, ...others: Result[]): void {
  for (const { errors, matches } of others) {
    for (const error of errors) {
      if (!into.errors.some((known) => known.message === error.message)) into.errors.push(error);
    }
    into.matches += matches;
  }
}

const passed = (matches = 0): Result => ({ errors: [], matches });
const failed = (...errors: FieldError[]): Result => ({ errors, matches: 0 });

/** The field of an error is the path without the dot that a root leaves before it. */
const fieldOf = (path: string) => (path === '' || path === '.' ? NO_PATH : path.replace(/^\./, ''));
const bad = (path: string, value: Json, text: string) =>
  invalid(fieldOf(path), value, `${path} in body ${text}`);
const wrongType = (path: string, wanted: string, found: string) =>
  new FieldError(
    'TypeInvalid',
    fieldOf(path),
    found,
    `${path} in body must be of type ${wanted}: ${goQuote(found)}`,
  );

/** Formats that Go's numbers have by themselves. */
const NATIVE_FORMATS: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

/** Models type.go typeValidator. */
function typeCheck(types: readonly string[], nullable: boolean, format: string): Check {
  const wanted = types.join(',');
  const isNumeric = types.includes('number') || types.includes('integer');
  return (value, path) => {
    if (value === null) {
      return types.length > 0 && !nullable ? failed(wrongType(path, wanted, 'null')) : passed(1);
    }
    const found = typeOf(value);
    const isTextOrList = typeof value === 'string' || Array.isArray(value);
    const fits = types.includes(found) || (found === 'integer' && types.includes('number'));
    const native = NATIVE_FORMATS[found] ?? '';
    if (!isTextOrList && format !== '' && !fits && native !== format) {
      return failed(wrongType(path, format, native));
    }
    if (!isNumeric && format !== '' && isTextOrList) return passed(1);
    return fits ? passed(1) : failed(wrongType(path, wanted, found));
  };
}

function enumCheck(values: readonly Json[] | undefined): Check {
  if (values === undefined || values.length === 0) return () => passed();
  const shown = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return (value, path) =>
    values.some((known) => deepEqual(known, value))
      ? passed()
      : failed(notSupported(fieldOf(path), value, shown));
}

function stringCheck({ maxLength, minLength, pattern }: JSONSchemaProps): Check {
  const matches = pattern === undefined || pattern === '' ? undefined : compilePattern(pattern);
  return (value, path) => {
    const text = value as string;
    const length = [...text].length;
    if (maxLength !== undefined && length > maxLength) {
      return failed(
        new FieldError('TooLong', fieldOf(path), undefined, `may not be longer than ${maxLength}`),
      );
    }
    if (minLength !== undefined && length < minLength) {
      return failed(bad(path, value, `should be at least ${minLength} chars long`));
    }
    if (matches !== undefined && !matches(text)) {
      return failed(bad(path, value, `should match '${pattern}'`));
    }
    return passed();
  };
}

function formatCheck(format: string): Check | undefined {
  const fits = format === '' ? undefined : stringFormat(format);
  if (fits === undefined) return undefined;
  return (value, path) =>
    fits(value as string)
      ? passed()
      : failed(
          new FieldError(
            'TypeInvalid',
            fieldOf(path),
            value,
            `${path} in body must be of type ${format}: ${goQuote(value as string)}`,
          ),
        );
}

/** Models validator.go numberValidator: an integer is compared with what is left of the bound without its fraction. */
function numberCheck(schema: JSONSchemaProps): Check {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  return (value, path, float = false) => {
    const number = value as number;
    const native = Number.isInteger(number) && !float ? Math.trunc : (bound: number) => bound;
    const errors: FieldError[] = [];
    if (multipleOf !== undefined) errors.push(...multipleErrors(number, native(multipleOf), path));
    if (minimum !== undefined) {
      const bound = native(minimum);
      if (exclusiveMinimum ? number <= bound : number < bound) {
        const text = `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${bound}`;
        errors.push(bad(path, number, text));
      }
    }
    if (maximum !== undefined) {
      const bound = native(maximum);
      if (exclusiveMaximum ? number >= bound : number > bound) {
        errors.push(
          bad(path, number, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${bound}`),
        );
      }
    }
    return { errors, matches: 1 };
  };
}

function multipleErrors(value: number, factor: number, path: string): FieldError[] {
  if (factor <= 0) {
    const text = `factor MultipleOf declared for ${path} must be positive: ${factor}`;
    return [invalid(fieldOf(path), factor, text)];
  }
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Number.isInteger(times) ? [] : [bad(path, value, `should be a multiple of ${factor}`)];
}

function listCheck({ items, minItems, maxItems }: JSONSchemaProps, keepsFormats: boolean): Check {
  const item = items === undefined ? undefined : compile(items, keepsFormats);
  return (value, path) => {
    const list = value as Json[];
    const result = passed();
    if (item !== undefined) {
      list.forEach((entry, index) => {
        merge(result, item(entry, `${path}[${index}]`, isFloat(list, String(index))));
      });
    }
    if (minItems !== undefined && list.length < minItems) {
      result.errors.push(bad(path, list.length, `should have at least ${minItems} items`));
    }
    if (maxItems !== undefined && list.length > maxItems) {
      result.errors.push(tooMany(path, list.length, maxItems));
    }
    result.matches++;
    return result;
  };
}

const tooMany = (path: string, actual: number, max: number) =>
  new FieldError('TooMany', fieldOf(path), undefined, `${actual}: must have at most ${max} items`);

function objectCheck(schema: JSONSchemaProps, keepsFormats: boolean): Check {
  const { additionalProperties, minProperties, maxProperties, required: names = [] } = schema;
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, compile(property, keepsFormats)] as const,
  );
  const known = new Set(properties.map(([name]) => name));
  const other = additionalSchema(schema);
  const additional = other === undefined ? undefined : compile(other, keepsFormats);
  return (value, path) => {
    const object = value as JsonObject;
    const keys = Object.keys(object);
    const result = passed();
    if (minProperties !== undefined && keys.length < minProperties) {
      result.errors.push(bad(path, keys.length, `should have at least ${minProperties} properties`));
    }
    if (maxProperties !== undefined && keys.length > maxProperties) {
      result.errors.push(tooMany(path, keys.length, maxProperties));
    }
    for (const key of keys) {
      if (known.has(key)) continue;
      if (additionalProperties === false) {
        const text = `${path}.${key} in body is a forbidden property`;
        merge(result, failed(invalid(fieldOf(path), '', text)));
      } else if (additional !== undefined) {
        merge(result, additional(object[key]!, `${path}.${key}`, isFloat(object, key)));
      }
    }
    for (const [name, check] of properties) {
      if (Object.hasOwn(object, name)) {
        const at = path === '' ? name : `${path}.${name}`;
        merge(result, check(object[name]!, at, isFloat(object, name)));
      }
    }
    for (const name of names) {
      if (!Object.hasOwn(object, name)) merge(result, failed(required(fieldOf(`${path}.${name}`))));
    }
    return result;
  };
}

/** allOf, anyOf, oneOf, not. Models schema_props.go. */
function combinedCheck(schema: JSONSchemaProps, keepsFormats: boolean): Check {
  const all = (schemas: readonly JSONSchemaProps[] = []) =>
    schemas.map((alternative) => compile(alternative, keepsFormats));
  const anyOf = all(schema.anyOf);
  const oneOf = all(schema.oneOf);
  const allOf = all(schema.allOf);
  const not = schema.not === undefined ? undefined : compile(schema.not, keepsFormats);
  const quoted = (path: string, text: string) => failed(invalid(NO_PATH, '', `${goQuote(path)} ${text}`));
  return (value, path, float) => {
    const result = passed();
    if (anyOf.length > 0) {
      const results = anyOf.map((check) => check(value, path, float));
      const success = results.find(({ errors }) => errors.length === 0);
      if (success === undefined) merge(result, quoted(path, 'must validate at least one schema (anyOf)'));
      merge(result, success ?? best(results));
    }
    if (oneOf.length > 0) {
      const results = oneOf.map((check) => check(value, path, float));
      const valid = results.filter(({ errors }) => errors.length === 0);
      if (valid.length === 1) merge(result, valid[0]!);
      else {
        const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
        merge(result, quoted(path, `must validate one and only one schema (oneOf). ${found}`));
        if (valid.length === 0) merge(result, best(results));
      }
    }
    if (allOf.length > 0) {
      const results = allOf.map((check) => check(value, path, float));
      const valid = results.filter(({ errors }) => errors.length === 0).length;
      merge(result, ...results);
      if (valid < allOf.length) {
        const none = valid === 0 ? '. None validated' : '';
        merge(result, quoted(path, `must validate all the schemas (allOf)${none}`));
      }
    }
    if (not !== undefined && not(value, path, float).errors.length === 0) {
      merge(result, quoted(path, 'must not validate the schema (not)'));
    }
    result.matches++;
    return result;
  };
}

const best = (results: readonly Result[]) =>
  results.reduce((most, result) => (result.matches > most.matches ? result : most));
