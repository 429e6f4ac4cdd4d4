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

/** One thing that is wrong with one field. `field` is a path such as "spec.containers[0].name". */
export class FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly value: Json | undefined;
  readonly detail: string;

  constructor(type: FieldErrorType, field: string, value: Json | undefined, detail: string) {
    this.type = type;
    this.field = field;
    this.value = value;
    this.detail = detail;
  }

  /** The cause's reason in a Status: "FieldValueInvalid". */
  get reason(): string {
    return ERROR_TYPES[this.type].reason;
  }

  /** The text without the field: 'Invalid value: "x": must be …'. Models field.Error ErrorBody. */
  get body(): string {
    const text = ERROR_TYPES[this.type].text;
    const showsValue = !['Required', 'Forbidden', 'TooLong', 'TooMany', 'Internal'].includes(this.type);
    const head = showsValue ? `${text}: ${goValue(this.value)}` : text;
    return this.detail === '' ? head : `${head}: ${this.detail}`;
  }

  /** Field and text: 'metadata.name: Required value'. */
  get message(): string {
    return `${this.field}: ${this.body}`;
  }
}

/** How Go prints a value in an error: texts quoted, structures as JSON, nothing as "null". */
function goValue(value: Json | undefined): string {
  return value === undefined ? '""' : JSON.stringify(value);
}

export const required = (field: string, detail = '') => new FieldError('Required', field, undefined, detail);
export const invalid = (field: string, value: Json | undefined, detail: string) =>
  new FieldError('Invalid', field, value, detail);
export const duplicate = (field: string, value: Json) => new FieldError('Duplicate', field, value, '');
export const forbidden = (field: string, detail: string) =>
  new FieldError('Forbidden', field, undefined, detail);
export const notFound = (field: string, value: Json) => new FieldError('NotFound', field, value, '');
/** Lists what is supported in order, as field.NotSupported does. */
export const notSupported = (field: string, value: Json | undefined, supported: readonly string[]) =>
  new FieldError(
    'NotSupported',
    field,
    value,
    supported.length === 0
      ? ''
      : `supported values: ${supported.map((item) => JSON.stringify(item)).join(', ')}`,
  );
export const tooLong = (field: string, max: number) =>
  new FieldError('TooLong', field, undefined, `may not be longer than ${max}`);
export const tooMany = (field: string, actual: number, max: number) =>
  new FieldError('TooMany', field, undefined, `${actual}: must have at most ${max} items`);
export const internal = (field: string, detail: string) => new FieldError('Internal', field, undefined, detail);
