import { parseGoDuration } from '../../apimachinery/duration.ts';
import { parseCIDR, parseIP } from './net.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';

const hex = (parts: string) => new RegExp(`^${parts}$`, 'i');
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(\.\d+)?(z|[+-]\d{2}:\d{2})$/i;
const DURATION_WORDS =
  /^(\d+\s*(ns|nano|nanos|us|µs|μs|micro|micros|ms|milli|millis|s|sec|secs|m|min|mins|h|hr|hour|hours|d|day|days|w|wk|week|weeks|nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?)\s*)+$/i;
const HOSTNAME =
  /^([a-z0-9\p{S}\p{L}](-?[a-z0-9\p{S}\p{L}]{0,62})?|([a-z0-9\p{S}\p{L}]([a-z0-9\-\p{S}\p{L}]{0,61}[a-z0-9\p{S}\p{L}])?\.)+[a-z\p{L}]{2,63})$/iu;
/** Nothing is no base64. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/** True for a URL as Go's url.ParseRequestURI takes it: absolute, or a path. */
export function isURI(text: string): boolean {
  return /^([a-z][a-z0-9+.-]*:[^\s]*|\/[^\s]*)$/i.test(text) && !/%(?![0-9a-f]{2})/i.test(text);
}

function isCalendarDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.split(/t/i);
  const match = TIME.exec(time);
  return (
    isValidDate(date) &&
    match !== null &&
    Number(match[1]) < 24 &&
    Number(match[2]) < 60 &&
    Number(match[3]) < 60
  );
}

const isValidDate = (text: string) =>
  DATE.test(text) && !Number.isNaN(Date.parse(text)) && isCalendarDate(text);

function isDuration(text: string): boolean {
  try {
    parseGoDuration(text);
    return true;
  } catch {
    return DURATION_WORDS.test(text);
  }
}

/** One label, or several that end in a top-level domain of letters. Models strfmt IsHostname. */
const isHostname = (text: string) =>
  HOSTNAME.test(text) && text.length <= 255 && text.split('.').every((label) => label.length <= 63);

function digitSum(text: string, weight: (index: number) => number): number {
  return [...text].reduce(
    (sum, digit, index) => sum + weight(index) * (digit === 'X' ? 10 : Number(digit)),
    0,
  );
}
const bare = (text: string) => text.replace(/[\s-]+/g, '');
const isISBN10 = (text: string) =>
  /^\d{9}[\dX]$/.test(bare(text)) && digitSum(bare(text), (index) => index + 1) % 11 === 0;
const isISBN13 = (text: string) =>
  /^\d{13}$/.test(bare(text)) && digitSum(bare(text), (index) => (index % 2 === 0 ? 1 : 3)) % 10 === 0;

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D+/g, '');
  const known =
    /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
  const doubled = (digit: number) => (digit * 2 > 9 ? digit * 2 - 9 : digit * 2);
  const luhn = [...digits]
    .reverse()
    .reduce((sum, digit, index) => sum + (index % 2 === 1 ? doubled(Number(digit)) : Number(digit)), 0);
  return known.test(digits) && luhn % 10 === 0;
}

/** Numbers may begin with zeros, as Go's parser once allowed. Models k8s.io/utils/net ParseIPSloppy. */
const withoutZeros = (text: string) => text.replace(/(^|[./])0+(?=\d)/g, '$1');

/**
 * The formats of texts that a schema may ask for; any other is ignored.
 * Models pkg/apiserver/validation/formats.go with kube-openapi's strfmt.
 */
const STRING_FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => hex('[0-9a-f]{24}').test(text),
  uri: isURI,
  email: (text) => /^[^\s@<>()]+@[^\s@<>()]+$/.test(text),
  hostname: isHostname,
  // An IPv4 address within IPv6 is both.
  ipv4: (text) => text.includes('.') && parseIP(withoutZeros(text)) !== undefined,
  ipv6: (text) => text.includes(':') && parseIP(withoutZeros(text)) !== undefined,
  cidr: (text) => parseCIDR(withoutZeros(text)) !== undefined,
  mac: (text) =>
    hex('([0-9a-f]{2}([:-])([0-9a-f]{2}\\2){4}[0-9a-f]{2}|([0-9a-f]{4}\\.){2}[0-9a-f]{4})').test(text),
  uuid: (text) => hex('[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}').test(text),
  uuid3: (text) => hex('[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}').test(text),
  uuid4: (text) => hex('[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}').test(text),
  uuid5: (text) => hex('[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}').test(text),
  isbn: (text) => isISBN10(text) || isISBN13(text),
  isbn10: isISBN10,
  isbn13: isISBN13,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => hex('#?([0-9a-f]{3}|[0-9a-f]{6})').test(text),
  rgbcolor: (text) => {
    const match = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(text);
    return match !== null && match.slice(1).every((part) => Number(part) <= 255);
  },
  byte: (text) => BASE64.test(text),
  password: () => true,
  date: isValidDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => isDNS1123Label(text).length === 0,
  k8slongname: (text) => isDNS1123Subdomain(text).length === 0,
};

/** The check of a format ("date-time" is "datetime"); undefined for one that is not known. */
export function stringFormat(format: string): ((text: string) => boolean) | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(STRING_FORMATS, name) ? STRING_FORMATS[name] : undefined;
}
