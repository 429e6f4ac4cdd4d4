import { describe, expect, test } from 'vitest';
import {
  isConfigMapKey,
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isEnvVarName,
  isQualifiedName,
  isValidLabelValue,
  isValidPortName,
  isValidPortNum,
  nameIsDNSSubdomain,
  nameIsPathSegment,
} from './names.ts';

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const SERVICE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('names', () => {
  const cases: [(value: string) => string[], value: string, complaints: string[]][] = [
    [isDNS1123Label, 'web-1', []],
    [isDNS1123Label, 'Web', [LABEL]],
    [isDNS1123Label, 'a.b', ['must not contain dots']],
    [isDNS1123Label, 'x'.repeat(64), ['must be no more than 63 characters']],
    [isDNS1123Label, 'web\n', [LABEL]],
    [isDNS1123Subdomain, 'a.b-c.d', []],
    [isDNS1123Subdomain, 'under_score', [SUBDOMAIN]],
    [isDNS1123Subdomain, '', [SUBDOMAIN]],
    [isDNS1123Subdomain, 'x'.repeat(254), ['must be no more than 253 characters']],
    [isDNS1035Label, '1digit', [SERVICE]],
    [isQualifiedName, 'example.com/My_name.x', []],
    [isQualifiedName, 'bad label!', [`name part ${QUALIFIED}`]],
    [isQualifiedName, '/x', ['prefix part must be non-empty']],
    [isQualifiedName, 'Ex/x', [`prefix part ${SUBDOMAIN}`]],
    [isQualifiedName, 'a/', ['name part must be non-empty', `name part ${QUALIFIED}`]],
    [
      isQualifiedName,
      'a/b/c',
      [
        `a qualified name ${QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
    [isValidLabelValue, '', []],
    [
      isValidLabelValue,
      'has space',
      [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      isConfigMapKey,
      'bad key',
      [
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [isConfigMapKey, '..', ["must not be '..'"]],
    [isEnvVarName, '..a', ["must not start with '..'"]],
    [isValidPortName, 'http', []],
    [
      isValidPortName,
      '-1',
      ['must contain at least one letter (a-z)', 'must not begin or end with a hyphen'],
    ],
  ];
  test.each(cases)('%o of %j', (check, value, complaints) => {
    expect(check(value)).toEqual(complaints);
  });

  test('a port is from 1 to 65535', () => {
    expect([0, 1, 65535, 70000].map((port) => isValidPortNum(port))).toEqual([
      ['must be between 1 and 65535, inclusive'],
      [],
      [],
      ['must be between 1 and 65535, inclusive'],
    ]);
  });

  test('a prefix may end with a dash', () => {
    expect(nameIsDNSSubdomain('web-', true)).toEqual([]);
    expect(nameIsDNSSubdomain('web-', false)).toEqual([SUBDOMAIN]);
  });

  test('a path segment holds no slash and no percent sign', () => {
    expect(nameIsPathSegment('system:a b', false)).toEqual([]);
    expect(nameIsPathSegment('a/b%', false)).toEqual(["may not contain '/'", "may not contain '%'"]);
    expect(nameIsPathSegment('..', false)).toEqual(["may not be '..'"]);
    expect(nameIsPathSegment('..', true)).toEqual([]);
  });
});
