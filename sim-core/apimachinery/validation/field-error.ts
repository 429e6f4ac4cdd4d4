import { goQuote } from '../go-format.ts';
import { isEmptied } from '../json/emptied.ts';
import type { Json } from '../object.ts';

/** Models k8s.io/apimachinery/pkg/util/validation/field ErrorType: the reason, and its words. */
const ERROR_TYPES = {
  NotFound: { reason: 'FieldValueNotFound', text: 'Not found' },
  Required: { reason: 'FieldValueRequired', text: 'Required value' },
  Duplicate: { reason: 'FieldValueDuplicate', text: 'Duplicate value' },
  Invalid: { reason: 'FieldValueInvalid', text: 'Invalid value' },
  NotSupported: { reason: 'FieldValueNotSupported', text: 'Unsupported value' },
  Forbidden: { reason: 'FieldValueForbidden', text: 'Forbidden' },
  TooLong: { reason: 'FieldValueTooLong', text: 'Too long' },
  TooMany: { reason: 'FieldValueTooMany', text: 'Too many' },
  TypeInvalid: { reason: 'FieldValueTypeInvalid', text: 'Invalid value' },
  Internal: { reason: 'InternalError', text: 'Internal error' },
} as const;

export type FieldErrorType = keyof typeof ERROR_TYPES;

/**
 * A value that upstream prints in Go's own notation (%#v) and JSON cannot show:
 * `new GoLiteral('[]string{"Some"}')`.
 */
export class GoLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `[]string{"a", "b"}`. */
export const goStrings = (values: readonly string[]) =>
  new GoLiteral(`[]string{${values.map(goQuote).join(', ')}}`);
/** A value as JSON: how newer versions of upstream print what is no scalar. */
export const goJson = (value: object) => new GoLiteral(JSON.stringify(value));
/** `core.Taint{Key:"a", Effect:""}`: a structure of Go's `type` with the fields of an object, capitalized. */
export function goStruct(type: string, value: object): GoLiteral {
  const fields = Object.entries(value).map(
    ([key, field]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}:${JSON.stringify(field ?? null)}`,
  );
  return new GoLiteral(`${type}{${fields.join(', ')}}`);
}
/** A quantity where upstream prints the structure instead of its text. */
export const goQuantity = (text: string) => goStruct('resource.Quantity', { s: text });

/** `map[string]string{"a":"b"}`, keys in order as fmt prints them. */
export const goStringMap = (values: Readonly<Record<string, string>>) =>
  new GoLiteral(
    `map[string]string{${Object.keys(values)
      .sort()
      .map((key) => `${goQuote(key)}:${goQuote(values[key]!)}`)
      .join(', ')}}`,
  );

/** The labels of a template's metadata, which may be missing or have been empty. */
export function goLabels(
  metadata: { readonly labels?: Readonly<Record<string, string>> } | undefined,
): GoLiteral {
  if (metadata?.labels !== undefined) return goStringMap(metadata.labels);
  return new GoLiteral(isEmptied(metadata, 'labels') ? 'map[string]string{}' : 'map[string]string(nil)');
}

const OMITTED = new GoLiteral('');

/** One thing that is wrong with one field. `field` is a path such as "spec.containers[0].name". */
export class FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly value: Json | GoLiteral | undefined;
  readonly detail: string;

  constructor(type: FieldErrorType, field: string, value: Json | GoLiteral | undefined, detail: string) {
    this.type = type;
    this.field = field;
    this.value = value;
    this.detail = detail;
  }

  /** One whose text names no value. Models field.OmitValueType. */
  static withoutValue(type: FieldErrorType, field: string, detail: string): FieldError {
    return new FieldError(type, field, OMITTED, detail);
  }

  /** The cause's reason in a Status: "FieldValueInvalid". */
  get reason(): string {
    return ERROR_TYPES[this.type].reason;
  }

  /** The text without the field: 'Invalid value: "x": must be …'. Models field.Error ErrorBody. */
  get body(): string {
    const text = ERROR_TYPES[this.type].text;
    const showsValue =
      this.value !== OMITTED &&
      !['Required', 'Forbidden', 'TooLong', 'TooMany', 'Internal'].includes(this.type);
    const head = showsValue ? `${text}: ${goValue(this.value)}` : text;
    return this.detail === '' ? head : `${head}: ${this.detail}`;
  }

  /** Field and text: 'metadata.name: Required value'. */
  get message(): string {
    return `${this.field}: ${this.body}`;
  }
}

/** How Go prints a value in an error: texts quoted, a nil pointer as "null", maps and lists as `%#v` does. */
function goValue(value: Json | GoLiteral | undefined): string {
  if (value instanceof GoLiteral) return value.text;
  if (value === undefined) return '""';
  if (value === null) return '"null"';
  return goSyntax(value);
}

/** `map[string]interface {}{"a":[]interface {}{1, "x"}}`: a value without a type, keys in order. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${goQuote(key)}:${goSyntax(value[key]!)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}

export const required = (field: string, detail = '') => new FieldError('Required', field, undefined, detail);
export const invalid = (field: string, value: Json | GoLiteral | undefined, detail: string) =>
  new FieldError('Invalid', field, value, detail);
export const duplicate = (field: string, value: Json) => new FieldError('Duplicate', field, value, '');
export const forbidden = (field: string, detail: string) =>
  new FieldError('Forbidden', field, undefined, detail);
export const notFound = (field: string, value: Json) => new FieldError('NotFound', field, value, '');
/** Lists what is supported in order, as field.NotSupported does. */
export const notSupported = (
  field: string,
  value: Json | GoLiteral | undefined,
  supported: readonly string[],
) =>
  new FieldError(
    'NotSupported',
    field,
    value,
    supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`,
  );
export const tooLong = (field: string, max: number) =>
  new FieldError('TooLong', field, undefined, `must have at most ${max} bytes`);
export const tooMany = (field: string, actual: number, max: number) =>
  new FieldError('TooMany', field, undefined, `${actual}: must have at most ${max} items`);
