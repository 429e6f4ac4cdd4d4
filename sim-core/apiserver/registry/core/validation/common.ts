import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import type { ValidateName } from '../../../../apimachinery/validation/names.ts';
import {
  isDNS1123Label,
  isValidPortName,
  isValidPortNum,
} from '../../../../apimachinery/validation/names.ts';

/** A number that may be a name: a port, a percentage. */
export type IntOrString = number | string;

/** Models apimachinery validation.ValidateNonnegativeField. */
export function validateNonnegative(value: number | null | undefined, field: string): FieldError[] {
  return (value ?? 0) < 0 ? [invalid(field, value!, 'must be greater than or equal to 0')] : [];
}

/** One of a few words, which are named in the given order. */
export function validateEnum(
  value: string | undefined,
  supported: readonly string[],
  field: string,
): FieldError[] {
  if (!value) return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

/** A name that some rule judges; each complaint is one error. */
export function validateNameWith(validate: ValidateName, name: string, field: string): FieldError[] {
  return validate(name, false).map((text) => invalid(field, name, text));
}

export function validateDNS1123Label(value: string, field: string): FieldError[] {
  return isDNS1123Label(value).map((text) => invalid(field, value, text));
}

/** Models ValidatePortNumOrName. */
export function validatePortNumOrName(port: IntOrString | undefined, field: string): FieldError[] {
  const value = port ?? 0;
  const complaints = typeof value === 'number' ? isValidPortNum(value) : isValidPortName(value);
  return complaints.map((text) => invalid(field, value, text));
}

/** Models validatePathNoBacksteps: no ".." between slashes. */
export function validatePathNoBacksteps(path: string, field: string): FieldError[] {
  return path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];
}

/** Models validateLocalDescendingPath: relative and never upwards. */
export function validateLocalDescendingPath(path: string, field: string): FieldError[] {
  const errors = path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : [];
  return [...errors, ...validatePathNoBacksteps(path, field)];
}

/** Models validateLocalNonReservedPath: and not beginning with "..". */
export function validateLocalNonReservedPath(path: string, field: string): FieldError[] {
  const errors = validateLocalDescendingPath(path, field);
  if (path.startsWith('..') && !path.startsWith('../')) {
    errors.push(invalid(field, path, "must not start with '..'"));
  }
  return errors;
}

/** An IPv4 or IPv6 address. */
export function isIP(value: string): boolean {
  return isIPv4(value) || isIPv6(value);
}

export function isIPv4(value: string): boolean {
  const parts = value.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIPv6(value: string): boolean {
  const halves = value.split('::');
  if (halves.length > 2 || !value.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const size = groups.length + (last.includes('.') ? 1 : 0);
  const fits = halves.length === 2 ? size < 8 : size === 8;
  return (
    fits &&
    groups.every((group, index) =>
      index === groups.length - 1 && group.includes('.') ? isIPv4(group) : /^[0-9a-fA-F]{1,4}$/.test(group),
    )
  );
}

/** Models validation.IsValidIP: complaints of one address. */
export function validateIP(value: string, field: string): FieldError[] {
  return isIP(value)
    ? []
    : [invalid(field, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

/** "10.244.0.0/24". */
export function isCIDR(value: string): boolean {
  const [address = '', length = '', ...rest] = value.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^(0|[1-9]\d*)$/.test(length) && Number(length) <= bits;
}
