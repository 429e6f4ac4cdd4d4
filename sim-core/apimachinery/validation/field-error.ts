import { goQuote } from '../go-format.ts';
import { goSyntax } from '../go-values.ts';
import { isEmptied } from '../json/emptied.ts';
import type { Json } from '../object.ts';
import { GoLiteral, goStringMap } from './go-syntax.ts';

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

export { GoLiteral, goQuantity, goStringMap, goStrings, goStruct } from './go-syntax.ts';

/** A value as JSON: how newer versions of upstream print what is no scalar. */
export const goJson = (value: object) => new GoLiteral(JSON.stringify(value));
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
    const head = showsValue ? `${text}: ${shownValue(this.value)}` : text;
    return this.detail === '' ? head : `${head}: ${this.detail}`;
  }

  /** Field and text: 'metadata.name: Required value'. */
  get message(): string {
    return `${this.field}: ${this.body}`;
  }
}

/** How Go prints a value in an error: texts quoted, a nil pointer as "null", maps and lists as `%#v` does. */
function shownValue(value: Json | GoLiteral | undefined): string {
  if (value instanceof GoLiteral) return value.text;
  if (value === undefined) return '""';
  if (value === null) return '"null"';
  return goSyntax(value);
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
