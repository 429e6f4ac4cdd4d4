import { deepCopy, decodedEqual } from '../../../apimachinery/copy.ts';
import type { Json, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/object-meta.ts';
import { findJsonPath } from '../../../client-go/util/jsonpath/evaluate.ts';
import { parseJsonPath } from '../../../client-go/util/jsonpath/parser.ts';
import type { Strategy, UpdateStrategy } from '../../registry/rest/strategy.ts';
import { applyDefaults } from '../schema/defaulting.ts';
import { validateEmbedded } from '../schema/embedded-resource.ts';
import { validateListTypes } from '../schema/list-type.ts';
import { SchemaValidator } from '../schema/validate.ts';
import type { CustomResourceVersion, JSONSchemaProps, ScaleSubresource } from '../types.ts';
import { AccessError, nestedInteger, nestedString } from './paths.ts';

/** Checks x-kubernetes-validations: fetched only for schemas that have some. */
export interface RuleValidator {
  /** `old` is undefined for a new object; `field` is where `value` stands, "" for the object itself. */
  validate(value: Json, old: Json | undefined, field: string): FieldError[];
}

const MAX_INT32 = 2 ** 31 - 1;
/** Errors that make rules meaningless: the value has not the type that they were checked against. */
const BLOCKING = ['Required', 'TooLong', 'TooMany', 'TypeInvalid'];

/**
 * The strategies of one version of a custom resource.
 * Models pkg/registry/customresource/{strategy,status_strategy,validator}.go.
 */
export class CustomResourceStrategies {
  readonly #schema: JSONSchemaProps;
  readonly #version: CustomResourceVersion;
  readonly #validator: SchemaValidator;
  readonly #statusValidator: SchemaValidator | undefined;
  readonly #rules: RuleValidator | undefined;

  constructor(schema: JSONSchemaProps, version: CustomResourceVersion, rules: RuleValidator | undefined) {
    this.#schema = schema;
    this.#version = version;
    this.#validator = new SchemaValidator(schema);
    const status = schema.properties?.['status'];
    this.#statusValidator = status === undefined ? undefined : new SchemaValidator(status);
    this.#rules = rules;
  }

  /** Of the object itself. */
  main(): Strategy {
    const hasStatus = this.#version.subresources?.status !== undefined;
    const selectable = this.#selectableFields();
    return {
      allowUnconditionalUpdate: false,
      fillDefaults: (object) => applyDefaults(object as unknown as Json, this.#schema),
      prepareForCreate: (object) => {
        if (hasStatus) delete object['status'];
        object.metadata.generation = 1;
      },
      prepareForUpdate: (object, old) => {
        if (hasStatus) {
          if (old['status'] === undefined) delete object['status'];
          else object['status'] = old['status'];
        }
        const changed = !decodedEqual(withoutMetadata(object), withoutMetadata(old));
        if (changed) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
      },
      validate: (object) => this.#validate(object, undefined),
      validateUpdate: (object, old) => this.#validate(object, old),
      ...(selectable !== undefined && { selectableFields: selectable }),
    };
  }

  /** Of the status subresource: everything else stays as it is. */
  status(): UpdateStrategy {
    return {
      allowUnconditionalUpdate: false,
      prepareForUpdate: (object, old) => {
        const { status, metadata } = object;
        for (const key of Object.keys(object)) if (key !== 'metadata') delete object[key];
        Object.assign(object, deepCopy(old));
        if (metadata.managedFields === undefined) delete object.metadata.managedFields;
        else object.metadata.managedFields = metadata.managedFields;
        if (status === undefined) delete object['status'];
        else object['status'] = status;
      },
      validateUpdate: (object, old) => this.#validateStatus(object, old),
    };
  }

  #validate(object: KubeObject, old: KubeObject | undefined): FieldError[] {
    const value = object as unknown as JsonObject;
    const errors = [
      ...this.#validator.validate(value),
      ...this.#validateScaleSpec(value),
      ...this.#validateScaleStatus(value),
      ...validateEmbedded(value, this.#schema),
      ...this.#validateLists(value, old),
    ];
    const { metadata } = object;
    // The store reports what is wrong with metadata; here it only decides whether rules make sense.
    const metaErrors =
      old === undefined
        ? validateObjectMeta(metadata, (metadata.namespace ?? '') !== '', nameIsDNSSubdomain)
        : [];
    return this.#withRules(errors, metaErrors, object, old);
  }

  /** The status must fit its schema, whose errors tell where they are in it; lists and rules are the object's. */
  #validateStatus(object: KubeObject, old: KubeObject): FieldError[] {
    const status = object['status'] as Json | undefined;
    const value = object as unknown as JsonObject;
    const errors = [
      ...(status === undefined ? [] : (this.#statusValidator?.validate(status) ?? [])),
      ...this.#validateScaleStatus(value),
      ...this.#validateLists(value, old),
    ];
    return this.#withRules(errors, [], object, old);
  }

  /** What was wrong before may stay wrong. */
  #validateLists(value: JsonObject, old: KubeObject | undefined): FieldError[] {
    const errors = validateListTypes(value, this.#schema);
    const wasWrong =
      errors.length > 0 &&
      old !== undefined &&
      validateListTypes(old as unknown as Json, this.#schema).length > 0;
    return wasWrong ? [] : errors;
  }

  #withRules(
    errors: FieldError[],
    metaErrors: readonly FieldError[],
    object: KubeObject,
    old: KubeObject | undefined,
  ): FieldError[] {
    if (this.#rules === undefined) return errors;
    if ([...metaErrors, ...errors].some(({ type }) => BLOCKING.includes(type))) {
      const detail =
        'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
      return [...errors, invalid('<nil>', null, detail)];
    }
    const rules = this.#rules.validate(object as unknown as Json, old as unknown as Json | undefined, '');
    return [...errors, ...rules];
  }

  #validateScaleSpec(value: JsonObject): FieldError[] {
    const { scale } = this.#version.subresources ?? {};
    return scale === undefined ? [] : replicasErrors(value, scale.specReplicasPath);
  }

  #validateScaleStatus(value: JsonObject): FieldError[] {
    const { scale } = this.#version.subresources ?? {};
    if (scale === undefined) return [];
    return [...replicasErrors(value, scale.statusReplicasPath), ...selectorErrors(value, scale)];
  }

  #selectableFields(): Strategy['selectableFields'] | undefined {
    const { selectableFields } = this.#version;
    if (selectableFields === undefined || selectableFields.length === 0) return undefined;
    const paths = selectableFields.map(
      ({ jsonPath }) => [jsonPath.replace(/^\./, ''), parseJsonPath(`{${jsonPath}}`)] as const,
    );
    return (object) =>
      Object.fromEntries(
        paths.map(([name, path]) => {
          const found = findJsonPath(path, object, { allowMissingKeys: true })[0]?.[0];
          return [name, found === undefined || found === null ? '' : String(found)];
        }),
      );
  }
}

function withoutMetadata({ metadata: _metadata, ...rest }: KubeObject): object {
  return rest;
}

function replicasErrors(value: JsonObject, path: string): FieldError[] {
  try {
    const replicas = nestedInteger(value, path) ?? 0;
    if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')];
    return replicas > MAX_INT32
      ? [invalid(path, replicas, `should be less than or equal to ${MAX_INT32}`)]
      : [];
  } catch (error) {
    if (error instanceof AccessError) return [invalid(path, 0, error.message)];
    throw error;
  }
}

function selectorErrors(value: JsonObject, { labelSelectorPath }: ScaleSubresource): FieldError[] {
  if (labelSelectorPath === undefined || labelSelectorPath === '') return [];
  try {
    nestedString(value, labelSelectorPath);
    return [];
  } catch (error) {
    if (error instanceof AccessError) return [invalid(labelSelectorPath, '', error.message)];
    throw error;
  }
}
