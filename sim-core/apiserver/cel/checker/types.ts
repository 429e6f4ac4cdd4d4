/**
 * What kind of values a type has. `opaque` is a type of a library with parameters: optional(int); `none` is
 * what is not known for want of a declaration.
 */
type TypeKind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'object'
  | 'opaque'
  | 'type'
  | 'param'
  | 'none';

/** A type; `name` tells objects, opaque types and parameters apart. Models cel-go common/types/types.go. */
export interface Type {
  readonly kind: TypeKind;
  readonly name: string;
  readonly params: readonly Type[];
}

const simple = (kind: TypeKind): Type => ({ kind, name: kind, params: [] });

export const DYN = simple('dyn');
export const ERROR = simple('error');
export const NONE: Type = { kind: 'none', name: '<nil>', params: [] };
export const NULL = simple('null');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const TIMESTAMP = simple('timestamp');
export const DURATION = simple('duration');
export const listType = (element: Type): Type => ({ kind: 'list', name: 'list', params: [element] });
export const mapType = (key: Type, value: Type): Type => ({ kind: 'map', name: 'map', params: [key, value] });
export const objectType = (name: string): Type => ({ kind: 'object', name, params: [] });
export const opaqueType = (name: string, ...params: Type[]): Type => ({ kind: 'opaque', name, params });
export const paramType = (name: string): Type => ({ kind: 'param', name, params: [] });
export const typeType = (...of: Type[]): Type => ({ kind: 'type', name: 'type', params: of });
export const optionalType = (of: Type): Type => opaqueType('optional', of);

const isOptional = ({ kind, name }: Type) => kind === 'opaque' && name === 'optional';
/** The type within an optional one. */
export const unwrapOptional = (type: Type): Type | undefined =>
  isOptional(type) ? type.params[0] : undefined;
export const isDyn = ({ kind }: Type) => kind === 'dyn';
export const isDynOrError = ({ kind }: Type) => kind === 'dyn' || kind === 'error';

/**
 * "map(string, list(int))"; `optional` is what optional types are called. Models checker FormatCheckedType.
 */
export function formatType({ kind, name, params }: Type, optional = 'optional'): string {
  const inner = (type: Type) => formatType(type, optional);
  switch (kind) {
    case 'list':
    case 'map':
    case 'opaque':
      return `${name === 'optional' ? optional : name}(${params.map(inner).join(', ')})`;
    case 'type':
      return params.length === 0 ? 'type' : `type(${inner(params[0]!)})`;
    case 'error':
      return '!error!';
    default:
      return name;
  }
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  bool: 'BOOL',
  int: 'INT64',
  uint: 'UINT64',
  double: 'DOUBLE',
  string: 'STRING',
  bytes: 'BYTES',
};

/** As protobuf prints a type: "list_type:{elem_type:{primitive:STRING}}". */
export function protoText({ kind, name, params }: Type): string {
  const [first, second] = params;
  switch (kind) {
    case 'list':
      return `list_type:{elem_type:{${protoText(first!)}}}`;
    case 'map':
      return `map_type:{key_type:{${protoText(first!)}} value_type:{${protoText(second!)}}}`;
    case 'object':
      return `message_type:"${name}"`;
    case 'opaque':
      return `abstract_type:{name:"${name}"${params.map((param) => ` parameter_types:{${protoText(param)}}`).join('')}}`;
    case 'type':
      return `type:{${first === undefined ? '' : protoText(first)}}`;
    case 'timestamp':
    case 'duration':
      return `well_known:${kind.toUpperCase()}`;
    case 'null':
      return 'null:NULL_VALUE';
    case 'param':
      return `type_param:"${name}"`;
    case 'dyn':
    case 'error':
      return `${kind}:{}`;
    default:
      return `primitive:${PRIMITIVES[kind]!}`;
  }
}

export function sameType(a: Type, b: Type): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.name === b.name &&
      a.params.length === b.params.length &&
      a.params.every((param, index) => sameType(param, b.params[index]!)))
  );
}

/** What the parameters of types stand for, by their name. Models checker/mapping.go. */
export type Mapping = Map<string, Type>;

/** The type with its parameters filled in; those that stand for nothing stay, or become dyn. */
export function substitute(mapping: Mapping, type: Type, paramToDyn: boolean): Type {
  if (type.kind === 'param') {
    const found = mapping.get(type.name);
    if (found !== undefined) return substitute(mapping, found, paramToDyn);
    return paramToDyn ? DYN : type;
  }
  if (type.params.length === 0) return type;
  return { ...type, params: type.params.map((param) => substitute(mapping, param, paramToDyn)) };
}

/** The mapping under which the types fit, one by one; undefined if they do not. */
export function assignable(
  mapping: Mapping,
  from: readonly Type[],
  to: readonly Type[],
): Mapping | undefined {
  const copy: Mapping = new Map(mapping);
  return assignableAll(copy, from, to) ? copy : undefined;
}

function assignableAll(mapping: Mapping, from: readonly Type[], to: readonly Type[]): boolean {
  return from.length === to.length && from.every((type, index) => isAssignable(mapping, type, to[index]!));
}

/** Models checker/types.go internalIsAssignable; adds to the mapping. */
function isAssignable(mapping: Mapping, from: Type, to: Type): boolean {
  if (to.kind === 'param') {
    const { isValid, isKnown } = standsFor(mapping, from, to);
    if (isValid) return true;
    if (isKnown) return false;
  }
  if (from.kind === 'param') return standsFor(mapping, to, from).isValid;
  if (isDynOrError(from) || isDynOrError(to)) return true;
  if (from.kind === 'null') {
    return ['opaque', 'object', 'null', 'timestamp', 'duration'].includes(to.kind);
  }
  if (from.kind === 'none' || from.kind !== to.kind || from.name !== to.name) return false;
  return from.kind === 'type' || assignableAll(mapping, from.params, to.params);
}

/** Whether a parameter stands for the type, or may from now on. Models isValidTypeSubstitution. */
function standsFor(mapping: Mapping, type: Type, param: Type): { isValid: boolean; isKnown: boolean } {
  if (sameType(type, param)) return { isValid: true, isKnown: true };
  const known = mapping.get(param.name);
  if (known !== undefined) {
    if (sameType(type, known)) return { isValid: true, isKnown: true };
    if (!isAssignable(mapping, type, known)) return { isValid: false, isKnown: true };
    const wider = mostGeneral(type, known);
    if (!occursIn(mapping, param, wider)) mapping.set(param.name, wider);
    return { isValid: true, isKnown: true };
  }
  if (occursIn(mapping, param, type)) return { isValid: false, isKnown: false };
  mapping.set(param.name, type);
  return { isValid: true, isKnown: false };
}

function occursIn(mapping: Mapping, param: Type, within: Type): boolean {
  if (sameType(param, within)) return true;
  if (within.kind === 'param') {
    const known = mapping.get(within.name);
    return known !== undefined && occursIn(mapping, param, known);
  }
  return within.params.some((inner) => occursIn(mapping, param, inner));
}

export const mostGeneral = (a: Type, b: Type): Type => (isLessSpecific(a, b) ? a : b);

/** Models isEqualOrLessSpecific. */
function isLessSpecific(a: Type, b: Type): boolean {
  if (isDyn(a) || a.kind === 'param') return true;
  if (isDyn(b) || b.kind === 'param') return false;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  return (
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((param, index) => isLessSpecific(param, b.params[index]!))
  );
}
