import type { Type } from './types.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listType,
  mapType,
  NULL,
  objectType,
  opaqueType,
  paramType,
  STRING,
  TIMESTAMP,
  typeType,
  UINT,
} from './types.ts';

/** One form of a function: what it takes, the receiver first, and what it gives. */
export interface Overload {
  readonly isMember: boolean;
  readonly params: readonly Type[];
  readonly result: Type;
}

/** The functions that expressions may call, by name. */
export type Functions = ReadonlyMap<string, readonly Overload[]>;

const NAMED: Readonly<Record<string, Type>> = {
  bool: BOOL,
  bytes: BYTES,
  double: DOUBLE,
  duration: DURATION,
  dyn: DYN,
  int: INT,
  null: NULL,
  string: STRING,
  timestamp: TIMESTAMP,
  uint: UINT,
  IP: opaqueType('net.IP'),
  CIDR: opaqueType('net.CIDR'),
  Quantity: objectType('kubernetes.Quantity'),
  URL: objectType('kubernetes.URL'),
  Format: objectType('kubernetes.NamedFormat'),
  Semver: objectType('kubernetes.Semver'),
  Authorizer: objectType('kubernetes.authorization.Authorizer'),
  PathCheck: objectType('kubernetes.authorization.PathCheck'),
  GroupCheck: objectType('kubernetes.authorization.GroupCheck'),
  ResourceCheck: objectType('kubernetes.authorization.ResourceCheck'),
  Decision: objectType('kubernetes.authorization.Decision'),
};

/**
 * A type as signatures write it: "int", "list<A>", "map<string, dyn>", "optional<V>", "type<A>"; a capital
 * letter alone is a parameter.
 */
export function typeOf(text: string): Type {
  const open = text.indexOf('<');
  if (open < 0) return /^[A-Z]$/.test(text) ? paramType(text) : NAMED[text]!;
  const params = splitTypes(text.slice(open + 1, -1)).map(typeOf);
  switch (text.slice(0, open)) {
    case 'list':
      return listType(params[0]!);
    case 'map':
      return mapType(params[0]!, params[1]!);
    case 'type':
      return typeType(...params);
    default:
      return opaqueType(text.slice(0, open), ...params);
  }
}

/** At the commas that are in no brackets. */
function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '<') depth++;
    else if (text[at] === '>') depth--;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}

const SIGNATURE = /^(.*?)\.?\((.*)\) (\S.*)$/;

/** "string.(int) bool" or "(A, list<A>) bool". */
function overloadOf(signature: string): Overload {
  const [, receiver = '', params = '', result = ''] = SIGNATURE.exec(signature)!;
  return {
    isMember: receiver !== '',
    params: [...(receiver === '' ? [] : [typeOf(receiver)]), ...splitTypes(params).map(typeOf)],
    result: typeOf(result),
  };
}

/** All forms of a function: "string.() int | (A) bool". */
export const overloadsOf = (signatures: string): readonly Overload[] =>
  signatures.split(' | ').map(overloadOf);

/** Names of types are values: type(1) == int. */
export const TYPE_NAMES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ...[BOOL, BYTES, DOUBLE, INT, STRING, UINT].map((type): [string, Type] => [type.name, typeType(type)]),
  ['list', typeType(listType(paramType('A')))],
  ['map', typeType(mapType(paramType('A'), paramType('B')))],
  ['null_type', typeType(NULL)],
  ['type', typeType(typeType())],
  ['google.protobuf.Timestamp', typeType(TIMESTAMP)],
  ['google.protobuf.Duration', typeType(DURATION)],
]);
