import type { Json } from '../object.ts';
import { TYPES } from './generated/types.ts';
import { isEmbedded } from './embedded-structures.ts';
import type { MergeFacts } from './merge-keys.ts';
import { ATOMIC_TYPES } from './atomic-types.ts';
import { printedZero } from './printed-zeros.ts';

/** What a field without fields of its own holds. "any" is kept as it is (RawExtension, FieldsV1, JSON). */
export type Scalar =
  | 'string'
  | 'int32'
  | 'int64'
  | 'double'
  | 'boolean'
  | 'bytes'
  | 'time'
  | 'micro-time'
  | 'quantity'
  | 'int-or-string'
  | 'any';

/** Scalars that have a zero; times, quantities and ports are structures in Go and never empty. */
export const ZERO_SCALARS: ReadonlySet<Scalar> = new Set([
  'string',
  'int32',
  'int64',
  'double',
  'boolean',
  'bytes',
]);

/** A time that is no pointer is printed as null. */
const TIMES: ReadonlySet<Scalar> = new Set(['time', 'micro-time']);

export type TypeSchema =
  | { readonly type: 'scalar'; readonly scalar: Scalar }
  | { readonly type: 'array'; readonly items: TypeSchema }
  | { readonly type: 'map'; readonly values: TypeSchema }
  /** `schema` is looked up when it is asked for: types may contain themselves. */
  | { readonly type: 'object'; readonly schema: ObjectSchema };

/** What may stand where a JSONSchemaProps may stand: JSONSchemaPropsOrArray and JSONSchemaPropsOrBool. */
export type SchemaOr = 'array' | 'bool';

export interface FieldSchema {
  readonly name: string;
  /** Its place in the order of {@link ObjectSchema.fields}, from 0. */
  readonly place: number;
  readonly required: boolean;
  readonly type: TypeSchema;
  /** A zero ("", 0, false, an empty list or map) is the same as none: Go's omitempty. */
  readonly omitsZero: boolean;
  /** The field holds a schema or something else, and Go reads it by itself: {@link SchemaOr}. */
  readonly schemaOr?: SchemaOr | undefined;
  /** What Go prints where an object lacks the field; missing: nothing. */
  readonly printedZero?: Json | undefined;
  /** Go's name of the type if it has one: "v1.RestartPolicy", for a list that of its items. */
  readonly goType?: string | undefined;
  /** How it merges in patches and server-side apply; missing: as its type says. */
  readonly merge?: MergeFacts | undefined;
  /** The default of a field that is a key of the list which its type stands in. */
  readonly keyDefault?: string | undefined;
}

const SCHEMA_OR: Readonly<Record<string, SchemaOr>> = {
  'apiextensions.v1.JSONSchemaProps.additionalItems': 'bool',
  'apiextensions.v1.JSONSchemaProps.additionalProperties': 'bool',
  'apiextensions.v1.JSONSchemaProps.items': 'array',
};

export interface ObjectSchema {
  /** "io.k8s.api.core.v1.PodSpec". */
  readonly name: string;
  /** "PodSpec", which is also the name of Go's structure. */
  readonly shortName: string;
  /** In the order of Go's structure, which is that of a response. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Server-side apply owns it as a whole. */
  readonly atomic: boolean;
  /** Fields that are never missing, since Go prints them whatever they hold: texts, numbers, switches, structures. */
  readonly alwaysPresent: readonly FieldSchema[];
  /** Fields that Go prints where an object lacks them, and those below which there are such. */
  readonly printed: readonly FieldSchema[];
  /** Fields that it does not name are kept. */
  readonly preservesUnknown?: boolean;
}

const SCALARS: Readonly<Record<string, TypeSchema>> = Object.fromEntries(
  (
    [
      ['s', 'string'],
      ['i', 'int32'],
      ['l', 'int64'],
      ['d', 'double'],
      ['b', 'boolean'],
      ['y', 'bytes'],
      ['t', 'time'],
      ['u', 'micro-time'],
      ['q', 'quantity'],
      ['x', 'int-or-string'],
      ['a', 'any'],
    ] as const
  ).map(([letter, scalar]) => [letter, { type: 'scalar', scalar }]),
);

const FIELD = /^([^!~ ]+)(!)?(~)? ([^=:;]+)(?:=([^:;]+))?(?::([^;]+))?(?:;(.+))?$/;

/** "merge/name/map/containerPort+protocol". */
function mergeFacts(text: string): MergeFacts {
  const [patchStrategy = '', patchMergeKey = '', listType, listMapKeys = ''] = text.split('/');
  return {
    patchStrategy: split(patchStrategy),
    patchMergeKey,
    listType: listType as MergeFacts['listType'],
    listMapKeys: split(listMapKeys),
  };
}

const split = (text: string) => (text === '' ? [] : text.split('+'));

/** A type as it stands in the generated text: its fields are parsed when first asked for. */
class GeneratedType implements ObjectSchema {
  readonly name: string;
  readonly shortName: string;
  readonly #group: string;
  readonly #text: string;
  #fields: ReadonlyMap<string, FieldSchema> | undefined;
  #alwaysPresent: readonly FieldSchema[] | undefined;
  #printed: readonly FieldSchema[] | undefined;

  /** `group` is "core.v1"; `text` is "PodSpec,containers! [Container,nodeName s,…". */
  constructor(packageName: string, group: string, text: string) {
    this.shortName = text.slice(0, text.indexOf(',')) || text;
    this.name = `${packageName}.${this.shortName}`;
    this.#group = group;
    this.#text = text;
  }

  get atomic(): boolean {
    return ATOMIC_TYPES.has(`${this.#group}.${this.shortName}`);
  }

  get fields(): ReadonlyMap<string, FieldSchema> {
    return (this.#fields ??= new Map(
      this.#text
        .split(',')
        .slice(1)
        .map((text, place) => {
          const field = this.#field(text, place);
          return [field.name, field];
        }),
    ));
  }

  get alwaysPresent(): readonly FieldSchema[] {
    return (this.#alwaysPresent ??= [...this.fields.values()].filter(
      ({ name, required, type, printedZero: zero }) =>
        type.type === 'object'
          ? isEmbedded(this, name)
          : type.type === 'scalar' &&
            zero !== undefined &&
            (ZERO_SCALARS.has(type.scalar) ? zero !== null : required && TIMES.has(type.scalar)),
    ));
  }

  get printed(): readonly FieldSchema[] {
    return (this.#printed ??= [...this.fields.values()].filter((field) => leadsToPrinted(field, new Set())));
  }

  /** "containers! [Container:merge/name/map/name", as tools/generate-schema.mts writes it. */
  #field(text: string, place: number): FieldSchema {
    const [, name, needed, flips, type, goType, merge, keyDefault] = FIELD.exec(text)!;
    const required = needed !== undefined;
    const key = `${this.#group}.${this.shortName}.${name}`;
    const schema = this.#type(type!);
    const omits = required === (flips !== undefined);
    // All of one shape, what is missing included: every object that is decoded asks its fields' schemas.
    return {
      name: name!,
      place,
      required,
      type: schema,
      omitsZero: omits,
      schemaOr: SCHEMA_OR[key],
      printedZero: printedZero(key, schema, required && !omits),
      goType,
      merge: merge === undefined ? undefined : mergeFacts(merge),
      keyDefault,
    };
  }

  #type(text: string): TypeSchema {
    if (text.startsWith('[')) return { type: 'array', items: this.#type(text.slice(1)) };
    if (text.startsWith('{')) return { type: 'map', values: this.#type(text.slice(1)) };
    const scalar = SCALARS[text];
    if (scalar !== undefined) return scalar;
    const name = text.includes('.') ? text : `${this.#group}.${text}`;
    return new GeneratedReference(name);
  }
}

/** `passed` are types that were looked at already. */
function leadsToPrinted({ printedZero: zero, type }: FieldSchema, passed: Set<ObjectSchema>): boolean {
  if (zero !== undefined) return true;
  const schema = objectSchemaIn(type);
  if (schema === undefined || passed.has(schema)) return false;
  passed.add(schema);
  return [...schema.fields.values()].some((field) => leadsToPrinted(field, passed));
}

/** A field's type that has fields of its own. */
class GeneratedReference {
  readonly type = 'object';
  readonly #name: string;
  #schema: ObjectSchema | undefined;

  /** `name` is "core.v1.PodSpec". */
  constructor(name: string) {
    this.#name = name;
  }

  get schema(): ObjectSchema {
    this.#schema ??= BY_GROUP.get(this.#name);
    if (this.#schema === undefined)
      throw new Error(`generated schema refers to ${this.#name}, which it lacks`);
    return this.#schema;
  }
}

/** "PodList*" stands for a list of pods. */
const LIST = /(\w+)List\*/;

function parseTypes(text: string): GeneratedType[][] {
  let packageName = '';
  let group = '';
  const byGroup: GeneratedType[][] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('@')) {
      [group, packageName] = line.slice(1).split('=') as [string, string];
      byGroup.push([]);
    } else {
      const type = line.replace(LIST, '$1List,kind s,apiVersion s,metadata meta.v1.ListMeta,items! [$1');
      byGroup.at(-1)!.push(new GeneratedType(packageName, group, type));
    }
  }
  return byGroup;
}

const ALL: readonly GeneratedType[] = parseTypes(TYPES).flat();
const BY_NAME: ReadonlyMap<string, ObjectSchema> = new Map(ALL.map((type) => [type.name, type]));
/** By the generated text's own short names, "core.v1.PodSpec". */
const BY_GROUP: ReadonlyMap<string, ObjectSchema> = new Map(
  ALL.map((type) => [type.name.split('.').slice(-3).join('.'), type]),
);

/** The type with this OpenAPI name ("io.k8s.api.core.v1.Pod"), or undefined. */
export function schemaOf(name: string): ObjectSchema | undefined {
  return BY_NAME.get(name);
}

/** All names, for editors and explain. */
export function schemaNames(): string[] {
  return [...BY_NAME.keys()];
}

/** The fields in the order of the alphabet, as documents show them. */
export function fieldsByName({ fields }: ObjectSchema): readonly FieldSchema[] {
  return [...fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The schema of a list's or map's items, or of the object itself; undefined for scalars. */
export function objectSchemaIn(type: TypeSchema): ObjectSchema | undefined {
  switch (type.type) {
    case 'object':
      return type.schema;
    case 'array':
      return objectSchemaIn(type.items);
    case 'map':
      return objectSchemaIn(type.values);
    case 'scalar':
      return undefined;
  }
}

/**
 * The field at a path of names ("spec", "containers", "image"); lists and maps are passed through.
 * Undefined if there is none.
 */
export function fieldAt(schema: ObjectSchema, path: readonly string[]): FieldSchema | undefined {
  let field: FieldSchema | undefined;
  let current: ObjectSchema | undefined = schema;
  for (const name of path) {
    field = current?.fields.get(name);
    if (field === undefined) return undefined;
    current = objectSchemaIn(field.type);
  }
  return field;
}
