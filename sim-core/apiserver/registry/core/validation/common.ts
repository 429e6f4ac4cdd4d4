import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required, tooLong } from '../../../../apimachinery/validation/field-error.ts';
import { containsIP, parseCIDR, parseIP } from '../../../util/net.ts';
import type { ValidateName } from '../../../../apimachinery/validation/names.ts';
import {
  byteLength,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
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
export function validateNameWith(
  validate: ValidateName,
  name: string,
  field: string,
  isPrefix = false,
): FieldError[] {
  return validate(name, isPrefix).map((text) => invalid(field, name, text));
}

export function validateDNS1123Label(value: string, field: string): FieldError[] {
  return isDNS1123Label(value).map((text) => invalid(field, value, text));
}

/** Models ValidateQualifiedName. */
export function validateQualifiedName(value: string, field: string): FieldError[] {
  return isQualifiedName(value).map((text) => invalid(field, value, text));
}

/** Models ValidateCSIDriverName. */
export function validateCSIDriverName(name: string, field: string): FieldError[] {
  return [
    ...(name === '' ? [required(field)] : []),
    ...(byteLength(name) > 63 ? [tooLong(field, 63)] : []),
    ...isDNS1123Subdomain(name.toLowerCase()).map((text) => invalid(field, name, text)),
  ];
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
export const isIP = (value: string): boolean => parseIP(value) !== undefined;

/** Models validation.IsValidIP: complaints of one address. */
export function validateIP(value: string, field: string): FieldError[] {
  return isIP(value)
    ? []
    : [invalid(field, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

const SPECIAL_RANGES: readonly (readonly [readonly string[], (ip: string) => string])[] = [
  [['0.0.0.0/32', '::/128'], (ip) => `may not be unspecified (${ip})`],
  [['127.0.0.0/8', '::1/128'], () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [['169.254.0.0/16', 'fe80::/10'], () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [
    ['224.0.0.0/24', 'ff02::/16'],
    () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
];

/** An address that something outside of a host can reach. Models ValidateNonSpecialIP. */
export function validateNonSpecialIP(ip: string, field: string): FieldError[] {
  const address = parseIP(ip);
  if (address === undefined) return [invalid(field, ip, 'must be a valid IP address')];
  return SPECIAL_RANGES.filter(([blocks]) =>
    blocks.some((block) => containsIP(parseCIDR(block)!, address)),
  ).map(([, text]) => invalid(field, ip, text(ip)));
}

/** "10.244.0.0/24". */
export const isCIDR = (value: string): boolean => parseCIDR(value) !== undefined;
