import { goQuote } from '../go-format.ts';
// Models k8s.io/apimachinery/pkg/util/validation. Each function returns upstream's complaints about a
// value; an empty list means that it is fine.

const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`;
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const WILDCARD_DNS1123_SUBDOMAIN = `\\*\\.${DNS1123_SUBDOMAIN}`;
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED_NAME})?`;

/** What a value must look like. */
interface Rule {
  readonly pattern: RegExp;
  /** The rule's text with examples and its regular expression. Models RegexError. */
  readonly complaint: string;
}

function rule(message: string, format: string, ...examples: readonly string[]): Rule {
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return {
    pattern: new RegExp(`^(?:${format})$`),
    complaint: `${message} (e.g. ${list}regex used for validation is '${format}')`,
  };
}

/** The rules that are patterns, with what is said of a value that does not fit. */
const RULES = {
  dns1123Label: rule(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    DNS1123_LABEL,
    'my-name',
    '123-abc',
  ),
  dns1123Subdomain: rule(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    DNS1123_SUBDOMAIN,
    'example.com',
  ),
  dns1035Label: rule(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    DNS1035_LABEL,
    'my-name',
    'abc-123',
  ),
  wildcardDns1123Subdomain: rule(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    WILDCARD_DNS1123_SUBDOMAIN,
    '*.example.com',
  ),
  qualifiedName: rule(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    QUALIFIED_NAME,
    'MyName',
    'my.name',
    '123-abc',
  ),
  labelValue: rule(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_VALUE,
    'MyValue',
    'my_value',
    '12345',
  ),
  percent: rule(
    "a valid percent string must be a numeric string followed by an ending '%'",
    '[0-9]+%',
    '1%',
    '93%',
  ),
  httpHeaderName: rule(
    "a valid HTTP header must consist of alphanumeric characters or '-'",
    '[-A-Za-z0-9]+',
    'X-Header-Name',
  ),
  envVarName: rule(
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
    '[-._a-zA-Z][-._a-zA-Z0-9]*',
    'my.env-name',
    'MY_ENV.NAME',
    'MyEnvName1',
  ),
  conditionReason: rule(
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
    '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?',
    'my_name',
    'MY_NAME',
    'MyName',
    'ReasonA,ReasonB',
    'ReasonA:ReasonB',
  ),
  configMapKey: rule(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    '[-._a-zA-Z0-9]+',
    'key.name',
    'KEY_NAME',
    'key-name',
  ),
} as const;

/** "must be no more than 63 characters". Models MaxLenError. */
const maxLenError = (length: number) => `must be no more than ${length} characters`;

/** "must be between 1 and 65535, inclusive". Models InclusiveRangeError. */
export const inclusiveRangeError = (low: number, high: number) =>
  `must be between ${low} and ${high}, inclusive`;

/** The length in bytes of UTF-8, which is what Go's len counts. */
export function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

const tooLong = (value: string, max: number) => (isLonger(value, max) ? [maxLenError(max)] : []);

/** A UTF-16 unit is at most 3 bytes: most texts need no count. */
const isLonger = (value: string, max: number) => value.length * 3 > max && byteLength(value) > max;
const unlike = (value: string, { pattern, complaint }: Rule) => (pattern.test(value) ? [] : [complaint]);

/** A lower-case label of at most 63 characters: "my-name". */
export function isDNS1123Label(value: string): string[] {
  const complaints = tooLong(value, 63);
  if (!RULES.dns1123Label.pattern.test(value)) {
    complaints.push(
      RULES.dns1123Subdomain.pattern.test(value) ? 'must not contain dots' : RULES.dns1123Label.complaint,
    );
  }
  return complaints;
}

/** Labels joined by dots, at most 253 characters: "example.com". */
export function isDNS1123Subdomain(value: string): string[] {
  return [...tooLong(value, 253), ...unlike(value, RULES.dns1123Subdomain)];
}

/** A label that begins with a letter, at most 63 characters: "my-name". */
export function isDNS1035Label(value: string): string[] {
  return [...tooLong(value, 63), ...unlike(value, RULES.dns1035Label)];
}

/** "*." and a subdomain. */
export function isWildcardDNS1123Subdomain(value: string): string[] {
  return [...tooLong(value, 253), ...unlike(value, RULES.wildcardDns1123Subdomain)];
}

/** A name with an optional prefix: "app", "example.com/app". Keys of labels, finalizers, … */
export function isQualifiedName(value: string): string[] {
  const { pattern, complaint } = RULES.qualifiedName;
  const complaints: string[] = [];
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${complaint} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  if (prefix === '') complaints.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    complaints.push(...isDNS1123Subdomain(prefix).map((text) => `prefix part ${text}`));
  }
  if (name === '') complaints.push('name part must be non-empty');
  else if (isLonger(name, 63)) complaints.push(`name part ${maxLenError(63)}`);
  if (!pattern.test(name)) complaints.push(`name part ${complaint}`);
  return complaints;
}

/** Empty, or at most 63 characters that begin and end alphanumeric. */
export function isValidLabelValue(value: string): string[] {
  return [...tooLong(value, 63), ...unlike(value, RULES.labelValue)];
}

function isInRange(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [inclusiveRangeError(low, high)];
}
export const isValidPortNum = (port: number) => isInRange(port, 1, 65535);
export const isValidUserID = (uid: number) => isInRange(uid, 0, 2147483647);

/** A port's name, as an IANA service name: "http". */
export function isValidPortName(port: string): string[] {
  const complaints = tooLong(port, 15);
  if (!/^[-a-z0-9]+$/.test(port)) {
    complaints.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(port)) complaints.push('must contain at least one letter (a-z)');
  if (port.includes('--')) complaints.push('must not contain consecutive hyphens');
  if (port.startsWith('-') || port.endsWith('-')) {
    complaints.push('must not begin or end with a hyphen');
  }
  return complaints;
}

export function isValidPercent(value: string): string[] {
  return unlike(value, RULES.percent);
}

export function isHTTPHeaderName(value: string): string[] {
  return unlike(value, RULES.httpHeaderName);
}

export function isEnvVarName(value: string): string[] {
  return [...unlike(value, RULES.envVarName), ...parentDirectory(value)];
}

/** A reason of a condition: "MinimumReplicasAvailable". */
export function conditionReasonComplaints(value: string): string[] {
  return unlike(value, RULES.conditionReason);
}

export function isConfigMapKey(value: string): string[] {
  return [...tooLong(value, 253), ...unlike(value, RULES.configMapKey), ...parentDirectory(value)];
}

function parentDirectory(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

/** How a kind's names are checked: `prefix` is true for a generateName. Models ValidateNameFunc. */
export type ValidateName = (name: string, prefix: boolean) => string[];

// Models pkg/api/validation/generic.go maskTrailingDash, with its two characters cut.
const masked = (name: string, prefix: boolean) =>
  prefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;

/** Most kinds. Models NameIsDNSSubdomain. */
export const nameIsDNSSubdomain: ValidateName = (name, prefix) => isDNS1123Subdomain(masked(name, prefix));
/** Namespaces. Models NameIsDNSLabel. */
export const nameIsDNSLabel: ValidateName = (name, prefix) => isDNS1123Label(masked(name, prefix));
/** Services. Models NameIsDNS1035Label. */
export const nameIsDNS1035Label: ValidateName = (name, prefix) => isDNS1035Label(masked(name, prefix));

const NO_PATH_SEGMENT = ['/', '%'];

/**
 * Kinds whose names are only a part of a path (roles, bindings).
 * Models k8s.io/apimachinery/pkg/api/validation/path IsValidPathSegmentName and …Prefix.
 */
export const nameIsPathSegment: ValidateName = (name, prefix) => {
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  const faults: string[] = [];
  for (const part of NO_PATH_SEGMENT) if (name.includes(part)) faults.push(`may not contain '${part}'`);
  return faults;
};

/** Why a client sends no request about an object of this name; undefined for one that can be. Models rest.Request Name. */
export function invalidResourceName(name: string): string | undefined {
  if (name === '') return 'resource name may not be empty';
  const faults = nameIsPathSegment(name, false);
  return faults.length === 0 ? undefined : `invalid resource name ${goQuote(name)}: [${faults.join(' ')}]`;
}
