// Models k8s.io/apimachinery/pkg/util/validation. Each function returns upstream's complaints about a
// value; an empty list means that it is fine.

const whole = (format: string) => new RegExp(`^(?:${format})$`);

const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`;
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const WILDCARD_DNS1123_SUBDOMAIN = `\\*\\.${DNS1123_SUBDOMAIN}`;
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED_NAME})?`;
const PERCENT = '[0-9]+%';
const HTTP_HEADER_NAME = '[-A-Za-z0-9]+';
const ENV_VAR_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const CONDITION_REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const CONFIG_MAP_KEY = '[-._a-zA-Z0-9]+';

const PATTERNS = {
  dns1123Label: whole(DNS1123_LABEL),
  dns1123Subdomain: whole(DNS1123_SUBDOMAIN),
  dns1035Label: whole(DNS1035_LABEL),
  wildcardDns1123Subdomain: whole(WILDCARD_DNS1123_SUBDOMAIN),
  qualifiedName: whole(QUALIFIED_NAME),
  labelValue: whole(LABEL_VALUE),
  percent: whole(PERCENT),
  httpHeaderName: whole(HTTP_HEADER_NAME),
  envVarName: whole(ENV_VAR_NAME),
  conditionReason: whole(CONDITION_REASON),
  configMapKey: whole(CONFIG_MAP_KEY),
} as const;

/** "must be no more than 63 characters". Models MaxLenError. */
const maxLenError = (length: number) => `must be no more than ${length} characters`;

/** "must be between 1 and 65535, inclusive". Models InclusiveRangeError. */
export const inclusiveRangeError = (low: number, high: number) =>
  `must be between ${low} and ${high}, inclusive`;

/** The rule's text with examples and its regular expression. Models RegexError. */
function regexError(message: string, format: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${format}')`;
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (e.g. ${list}regex used for validation is '${format}')`;
}

/** The length in bytes of UTF-8, which is what Go's len counts. */
export function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

const tooLong = (value: string, max: number) => (byteLength(value) > max ? [maxLenError(max)] : []);
const unlike = (value: string, pattern: RegExp, message: string) => (pattern.test(value) ? [] : [message]);

/** A lower-case label of at most 63 characters: "my-name". */
export function isDNS1123Label(value: string): string[] {
  const complaints = tooLong(value, 63);
  if (!PATTERNS.dns1123Label.test(value)) {
    complaints.push(
      PATTERNS.dns1123Subdomain.test(value)
        ? 'must not contain dots'
        : regexError(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            DNS1123_LABEL,
            'my-name',
            '123-abc',
          ),
    );
  }
  return complaints;
}

/** Labels joined by dots, at most 253 characters: "example.com". */
export function isDNS1123Subdomain(value: string): string[] {
  return [
    ...tooLong(value, 253),
    ...unlike(
      value,
      PATTERNS.dns1123Subdomain,
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        DNS1123_SUBDOMAIN,
        'example.com',
      ),
    ),
  ];
}

/** A label that begins with a letter, at most 63 characters: "my-name". */
export function isDNS1035Label(value: string): string[] {
  return [
    ...tooLong(value, 63),
    ...unlike(
      value,
      PATTERNS.dns1035Label,
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        DNS1035_LABEL,
        'my-name',
        'abc-123',
      ),
    ),
  ];
}

/** "*." and a subdomain. */
export function isWildcardDNS1123Subdomain(value: string): string[] {
  return [
    ...tooLong(value, 253),
    ...unlike(
      value,
      PATTERNS.wildcardDns1123Subdomain,
      regexError(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        WILDCARD_DNS1123_SUBDOMAIN,
        '*.example.com',
      ),
    ),
  ];
}

/** A name with an optional prefix: "app", "example.com/app". Keys of labels, finalizers, … */
export function isQualifiedName(value: string): string[] {
  const rule = regexError(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    QUALIFIED_NAME,
    'MyName',
    'my.name',
    '123-abc',
  );
  const complaints: string[] = [];
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  if (prefix === '') complaints.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    complaints.push(...isDNS1123Subdomain(prefix).map((text) => `prefix part ${text}`));
  }
  if (name === '') complaints.push('name part must be non-empty');
  else if (byteLength(name) > 63) complaints.push(`name part ${maxLenError(63)}`);
  if (!PATTERNS.qualifiedName.test(name)) complaints.push(`name part ${rule}`);
  return complaints;
}

/** Empty, or at most 63 characters that begin and end alphanumeric. */
export function isValidLabelValue(value: string): string[] {
  return [
    ...tooLong(value, 63),
    ...unlike(
      value,
      PATTERNS.labelValue,
      regexError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        LABEL_VALUE,
        'MyValue',
        'my_value',
        '12345',
      ),
    ),
  ];
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
  return unlike(
    value,
    PATTERNS.percent,
    regexError(
      "a valid percent string must be a numeric string followed by an ending '%'",
      PERCENT,
      '1%',
      '93%',
    ),
  );
}

export function isHTTPHeaderName(value: string): string[] {
  return unlike(
    value,
    PATTERNS.httpHeaderName,
    regexError(
      "a valid HTTP header must consist of alphanumeric characters or '-'",
      HTTP_HEADER_NAME,
      'X-Header-Name',
    ),
  );
}

export function isEnvVarName(value: string): string[] {
  return [
    ...unlike(
      value,
      PATTERNS.envVarName,
      regexError(
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
        ENV_VAR_NAME,
        'my.env-name',
        'MY_ENV.NAME',
        'MyEnvName1',
      ),
    ),
    ...parentDirectory(value),
  ];
}

/** A reason of a condition: "MinimumReplicasAvailable". */
export function conditionReasonComplaints(value: string): string[] {
  return unlike(
    value,
    PATTERNS.conditionReason,
    regexError(
      "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
      CONDITION_REASON,
      'my_name',
      'MY_NAME',
      'MyName',
      'ReasonA,ReasonB',
      'ReasonA:ReasonB',
    ),
  );
}

export function isConfigMapKey(value: string): string[] {
  return [
    ...tooLong(value, 253),
    ...unlike(
      value,
      PATTERNS.configMapKey,
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_MAP_KEY,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    ),
    ...parentDirectory(value),
  ];
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

/**
 * Kinds whose names are only a part of a path (roles, bindings).
 * Models k8s.io/apimachinery/pkg/api/validation/path IsValidPathSegmentName and …Prefix.
 */
export const nameIsPathSegment: ValidateName = (name, prefix) => {
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};
