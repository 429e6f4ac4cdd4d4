import type { Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { DurationError, parseGoDuration } from '../../../apimachinery/duration.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import { celValue } from '../../cel/values.ts';
import { additionalSchema, isObject } from '../schema/traverse.ts';
import type { JSONSchemaProps } from '../types.ts';

const RESERVED =
  /^(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const METADATA: JSONSchemaProps = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/** A field's name as expressions write it; undefined for one that cannot be written. Models cel/escaping.go. */
function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_][\w./-]*$/.test(name)) return undefined;
  if (RESERVED.test(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (found) => ESCAPES[found]!);
}

/** A schema as a type of CEL, and how values become that type's. */
export interface SchemaType {
  /** cel-js's name: "int", "list<string>", "selfType3". */
  readonly name: string;
  valueOf(value: Json): unknown;
}

const DYN: SchemaType = { name: 'dyn', valueOf: celValue };

/**
 * Declares the types of schemas in an environment. Each object gets a type of its own, so that a field which
 * is not there is found out before any object comes.
 *
 * Models k8s.io/apiserver/pkg/cel/common/schemas.go SchemaDeclType.
 */
export class SchemaTypes {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** `isResource`: metadata, kind and apiVersion are there without being named. */
  of(schema: JSONSchemaProps, isResource: boolean): SchemaType {
    if (schema['x-kubernetes-int-or-string']) return DYN;
    switch (schema.type) {
      case 'integer':
        return { name: 'int', valueOf: celValue };
      case 'number':
        return { name: 'double', valueOf: (value) => value };
      case 'boolean':
        return { name: 'bool', valueOf: (value) => value };
      case 'string':
        return textType(schema.format);
      case 'array': {
        const items = schema.items === undefined ? DYN : this.of(schema.items, false);
        return {
          name: `list<${items.name}>`,
          valueOf: (value) => (Array.isArray(value) ? value.map((item) => items.valueOf(item)) : value),
        };
      }
      case 'object': {
        const values = additionalSchema(schema);
        return values === undefined ? this.#object(schema, isResource) : mapType(this.of(values, false));
      }
      default:
        return DYN;
    }
  }

  #object(schema: JSONSchemaProps, isResource: boolean): SchemaType {
    const properties =
      isResource || schema['x-kubernetes-embedded-resource'] ? resourceProperties(schema) : schema.properties;
    const fields = Object.entries(properties ?? {}).flatMap(([name, property]) => {
      const escaped = escapeName(name);
      return escaped === undefined ? [] : [{ name, escaped, type: this.of(property, false) }];
    });
    const name = `selfType${this.#count++}`;
    const Value = class {};
    this.#environment.registerType(name, {
      ctor: Value,
      fields: Object.fromEntries(fields.map(({ escaped, type }) => [escaped, type.name])),
    });
    this.#environment.registerOperator(`${name} == ${name}`, sameValue);
    return {
      name,
      valueOf(value) {
        if (!isObject(value)) return value;
        const made = new Value() as Record<string, unknown>;
        for (const field of fields) {
          if (Object.hasOwn(value, field.name)) made[field.escaped] = field.type.valueOf(value[field.name]!);
        }
        return made;
      },
    };
  }
}

const resourceProperties = ({ properties = {} }: JSONSchemaProps) => ({
  ...properties,
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: METADATA,
});

function mapType(values: SchemaType): SchemaType {
  return {
    name: `map<string, ${values.name}>`,
    valueOf: (value) =>
      isObject(value)
        ? Object.fromEntries(
            Object.keys(value).map((key) => [key, values.valueOf((value as JsonObject)[key]!)]),
          )
        : value,
  };
}

/** Texts of some formats are values of their own. */
function textType(format: string | undefined): SchemaType {
  switch (format) {
    case 'date':
    case 'date-time':
      return { name: 'google.protobuf.Timestamp', valueOf: (value) => new Date(String(value)) };
    case 'duration':
      return { name: 'google.protobuf.Duration', valueOf: durationOf };
    default:
      return { name: 'string', valueOf: (value) => value };
  }
}

function durationOf(value: Json): unknown {
  try {
    const milliseconds = parseGoDuration(String(value));
    const seconds = Math.trunc(milliseconds / 1000);
    return new Duration(BigInt(seconds), Math.round((milliseconds - seconds * 1000) * 1_000_000));
  } catch (error) {
    if (error instanceof DurationError) return value;
    throw error;
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Duration && b instanceof Duration) return a.valueOf() === b.valueOf();
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}
