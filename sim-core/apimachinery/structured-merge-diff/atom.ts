import type { Json } from '../object.ts';
import type { FieldSchema, ObjectSchema, TypeSchema } from '../schema/schema.ts';
import { isEmbedded } from '../schema/embedded-structures.ts';
import { fieldElement } from './path-element.ts';

/**
 * What merging needs to know of a type. Something that is owned as a whole is a leaf, whatever it holds.
 *
 * Models sigs.k8s.io/structured-merge-diff schema Atom.
 */
export type Atom =
  | { readonly kind: 'leaf'; readonly scalar: LeafType }
  | {
      readonly kind: 'structure';
      readonly fields: ReadonlyMap<string, FieldAtom>;
      /** It may hold more than its fields, of which nothing is known. */
      readonly open: boolean;
    }
  | { readonly kind: 'map'; readonly values: Atom }
  | { readonly kind: 'set'; readonly items: Atom }
  | {
      readonly kind: 'associative-list';
      /** In the order of the alphabet. */
      readonly keys: readonly string[];
      readonly keyDefaults: Readonly<Record<string, Json>>;
      readonly items: Atom;
    }
  /** Of an object without a schema nothing is known: maps are merged by key, all else is a leaf. */
  | { readonly kind: 'deduced' };

/** What a leaf may hold: a scalar of a type, or an atomic map or list with what its type allows. */
export type LeafType = 'string' | 'numeric' | 'boolean' | 'untyped' | 'any' | AtomicType;
interface AtomicType {
  readonly of: 'map' | 'list';
  readonly inner: () => Atom;
}

export interface FieldAtom {
  readonly atom: Atom;
  /** `f:name`. */
  readonly element: string;
  /** What Go's structure holds where JSON lacks the field, if that is something: {}, null or a zero. */
  readonly zero: Json | undefined;
}

export const DEDUCED: Atom = { kind: 'deduced' };
const STRING: Atom = { kind: 'leaf', scalar: 'string' };
const NUMERIC: Atom = { kind: 'leaf', scalar: 'numeric' };
const BOOLEAN: Atom = { kind: 'leaf', scalar: 'boolean' };
const UNTYPED: Atom = { kind: 'leaf', scalar: 'untyped' };
const ANY: Atom = { kind: 'leaf', scalar: 'any' };

/** Resolves types, each once. */
export class AtomResolver {
  readonly #structures = new WeakMap<ObjectSchema, Atom>();

  /** The type of whole objects; undefined for a kind without a schema. */
  object(schema: ObjectSchema | undefined): Atom {
    return schema === undefined ? DEDUCED : this.#structure(schema);
  }

  #structure(schema: ObjectSchema): Atom {
    if (schema.preservesUnknown === true && schema.fields.size === 0) return DEDUCED;
    let known = this.#structures.get(schema);
    if (known === undefined) {
      known = new Structure(schema, (field) => this.#field(schema, field));
      this.#structures.set(schema, known);
    }
    return known;
  }

  #field(schema: ObjectSchema, field: FieldSchema): FieldAtom {
    const atom = this.#type(field.type, field);
    return { atom, element: fieldElement(field.name), zero: zeroOf(schema, field, atom) };
  }

  #type(type: TypeSchema, field: FieldSchema | undefined): Atom {
    const listType = field?.merge?.listType ?? '';
    switch (type.type) {
      case 'scalar':
        return scalarAtom(type.scalar);
      case 'object': {
        const inner = () => this.#structure(type.schema);
        const atomic = listType === 'atomic' || (type.schema.atomic && listType !== 'granular');
        return atomic ? { kind: 'leaf', scalar: { of: 'map', inner } } : inner();
      }
      case 'map': {
        const values = this.#type(type.values, undefined);
        return listType === 'atomic'
          ? { kind: 'leaf', scalar: { of: 'map', inner: () => ({ kind: 'map', values }) } }
          : { kind: 'map', values };
      }
      case 'array':
        return this.#list(type.items, listType, field);
    }
  }

  #list(itemType: TypeSchema, listType: string, field: FieldSchema | undefined): Atom {
    const item = () => this.#type(itemType, undefined);
    if (listType === 'set') return { kind: 'set', items: item() };
    if (listType !== 'map') return { kind: 'leaf', scalar: { of: 'list', inner: item } };
    const schema = itemType.type === 'object' ? itemType.schema : undefined;
    const keys = [...field!.merge!.listMapKeys].sort();
    const keyDefaults: Record<string, Json> = {};
    for (const key of keys) {
      const keyDefault = keyDefaultOf(schema?.fields.get(key));
      if (keyDefault !== undefined) keyDefaults[key] = keyDefault;
    }
    return {
      kind: 'associative-list',
      keys,
      keyDefaults,
      // Items are merged by field even if their type, standing alone, is owned as a whole.
      items: item(),
    };
  }
}

/** Its fields are resolved when first asked for: types may contain themselves. */
class Structure {
  readonly kind = 'structure';
  readonly #schema: ObjectSchema;
  readonly #resolve: (field: FieldSchema) => FieldAtom;
  #fields: ReadonlyMap<string, FieldAtom> | undefined;

  constructor(schema: ObjectSchema, resolve: (field: FieldSchema) => FieldAtom) {
    this.#schema = schema;
    this.#resolve = resolve;
  }

  get open(): boolean {
    return this.#schema.preservesUnknown === true;
  }

  get fields(): ReadonlyMap<string, FieldAtom> {
    return (this.#fields ??= new Map(
      [...this.#schema.fields].map(([name, field]) => [name, this.#resolve(field)]),
    ));
  }
}

function scalarAtom(scalar: string): Atom {
  switch (scalar) {
    case 'string':
    case 'bytes':
      return STRING;
    case 'int32':
    case 'int64':
    case 'double':
      return NUMERIC;
    case 'boolean':
      return BOOLEAN;
    case 'any':
      return ANY;
    default:
      return UNTYPED;
  }
}

/** A key that Go never leaves out is its zero where nobody gives it. Models openapi-gen's enforced defaults. */
function keyDefaultOf(field: FieldSchema | undefined): Json | undefined {
  if (field === undefined || field.keyDefault !== undefined) return field?.keyDefault;
  if (!field.required || field.omitsZero || field.type.type !== 'scalar') return undefined;
  const atom = scalarAtom(field.type.scalar);
  return atom.kind === 'leaf' && typeof atom.scalar === 'string' ? SCALAR_ZEROS[atom.scalar] : undefined;
}

const SCALAR_ZEROS: Readonly<Record<string, Json>> = { string: '', numeric: 0, boolean: false };

/** Texts of an Event that nobody must give and Go prints all the same. */
const PRINTED: readonly string[] = ['reportingComponent', 'reportingInstance'];

function zeroOf(schema: ObjectSchema, field: FieldSchema, atom: Atom): Json | undefined {
  const { type } = field;
  if (isEmbedded(schema, field.name)) return {};
  if (field.omitsZero || type.type === 'object') return undefined;
  if (type.type !== 'scalar') return null;
  // What is kept though nobody must give it is a pointer: none is not zero.
  if (!field.required && !PRINTED.includes(field.name)) return undefined;
  return atom.kind === 'leaf' && typeof atom.scalar === 'string' ? SCALAR_ZEROS[atom.scalar] : undefined;
}
