import {
  decodeObject,
  DecodeError,
  duplicateFields,
  interpretMeta,
  metaErrorMessage,
} from '../../../apimachinery/json/decode.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { bodyText } from '../../../apimachinery/http.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { JsonSyntaxError, parsedValue, parseJson } from '../../../apimachinery/json/parse.ts';
import { YamlError } from '../../../apimachinery/json/yaml-error.ts';
import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf, parseApiVersion } from '../../../apimachinery/object.ts';
import { fillPrintedZeros } from '../../../apimachinery/schema/printed-zeros.ts';
import type { ObjectSchema } from '../../../apimachinery/schema/schema.ts';
import { packageOf } from '../../../apimachinery/schema/go-package.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import type { StatusError } from '../../../apimachinery/status.ts';
import { badRequestError, invalidError, unknownError } from '../../../apimachinery/status.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import type { CustomKind, ResourceDefinition } from '../../registry/rest/resource.ts';
import type { EndpointKind } from '../../registry/rest/subresource.ts';
import type { ServerRequest } from '../request.ts';
import { limitedBody } from './body.ts';
import { bodyMediaType } from './negotiation.ts';
import { parseYamlBody } from './yaml-body.ts';

/** The kind that a body is decoded as. */
export type TargetKind = EndpointKind | ResourceDefinition;

const SUMMARY_LENGTH = 30;
const DELETE_OPTIONS: EndpointKind = {
  group: '',
  version: 'v1',
  kind: 'DeleteOptions',
  schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
};
/** Versions that upstream's scheme knows but no longer serves. */
const RETIRED_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  apps: ['v1beta1', 'v1beta2'],
  autoscaling: ['v1', 'v2beta1', 'v2beta2'],
  batch: ['v1beta1'],
  policy: ['v1beta1'],
  'networking.k8s.io': ['v1beta1'],
  'rbac.authorization.k8s.io': ['v1alpha1', 'v1beta1'],
};

/** Kinds of apimachinery that upstream's scheme knows in every group, and in the core one alone. */
const META_KINDS: readonly string[] = [
  'CreateOptions',
  'DeleteOptions',
  'GetOptions',
  'ListOptions',
  'PatchOptions',
  'UpdateOptions',
  'WatchEvent',
];
const CORE_META_KINDS: readonly string[] = [
  'APIGroup',
  'APIGroupList',
  'APIResourceList',
  'APIVersions',
  'List',
  'Status',
];

/** Reads bodies into objects. Models the decoding in endpoints/handlers/{create,update,patch}.go. */
export class ObjectDecoder {
  /**
   * The body as an object of `target`'s kind with defaults filled; kind and apiVersion may be missing.
   * Rejects with 415 or 400. `fieldValidation` says what becomes of unknown fields; "" is Warn.
   */
  decode(request: ServerRequest, target: TargetKind, fieldValidation: string): KubeObject {
    try {
      return this.#decode(request, target, fieldValidation);
    } catch (error) {
      request.trace({ type: 'decoding-failed', message: (error as Error).message });
      throw error;
    }
  }

  #decode(request: ServerRequest, target: TargetKind, fieldValidation: string): KubeObject {
    const custom = 'custom' in target && target.custom !== undefined;
    const unrecognized = (message: string) =>
      badRequestError(
        `the object provided is unrecognized (must be of type ${target.kind}): ${message} (${summary(bodyText(request.http))})`,
      );
    let parsed: ParsedText;
    let meta: { apiVersion: string; kind: string };
    try {
      parsed = parseBody(request, !custom && schemaOf(target.schema) !== undefined);
      meta = interpretMeta(parsed);
    } catch (error) {
      if (error instanceof JsonSyntaxError) throw unrecognized(metaErrorMessage(error.message));
      if (error instanceof YamlError || error instanceof DecodeError) throw unrecognized(error.message);
      throw error;
    }
    if (custom) {
      checkCustomKind(meta, parsed.value, target, unrecognized, bodyText(request.http));
    } else {
      checkKind(meta, target);
    }
    return this.decodeParsed(request, parsed, target, fieldValidation);
  }

  /**
   * The body as DeleteOptions. What cannot be read is answered with 500, since nobody there makes a Status of it.
   * Models the decoding in endpoints/handlers/delete.go.
   */
  decodeDeleteOptions(request: ServerRequest): Readonly<Record<string, unknown>> {
    try {
      const parsed = parseBody(request, true);
      const { kind, apiVersion } = interpretMeta(parsed);
      if (kind !== '' && kind !== DELETE_OPTIONS.kind) {
        throw unknownError(
          `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion || 'meta.k8s.io/v1')} in scheme "pkg/apis/meta/internalversion/scheme/register.go:27"`,
        );
      }
      const { metadata: _metadata, ...options } = decodeWith(schemaOf(DELETE_OPTIONS.schema), parsed).object;
      return options;
    } catch (error) {
      if (error instanceof JsonSyntaxError) throw unknownError(metaErrorMessage(error.message));
      if (error instanceof YamlError || error instanceof DecodeError) throw unknownError(error.message);
      throw error;
    }
  }

  /** Rejects, in the words of `refuse`, a patched object that has become something else, or says no more what it is. */
  checkPatchedKind(
    request: ServerRequest,
    value: Json,
    target: TargetKind,
    fieldValidation: string,
    refuse: (message: string) => StatusError,
  ): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { kind = null, apiVersion = null } = value;
    if (apiVersion === null || apiVersion === '') {
      this.#refuseNameless(request, value, fieldValidation, refuse);
    }
    if (typeof kind !== 'string' || kind === '' || typeof apiVersion !== 'string') return;
    if (isOtherVersion({ kind, apiVersion }, target)) return;
    const found = { ...parseApiVersion(apiVersion), kind };
    const complaint = kindComplaint(found, target);
    if (complaint === undefined) return;
    const schema = builtinSchema(found);
    // What it calls itself is tried first.
    if (schema !== undefined) decodeOrRefuse(() => decodeWith(schema, parsedValue(value)), refuse);
    throw refuse(complaint);
  }

  /**
   * A patched object without an apiVersion is read as upstream's type for its own use, which has none of the
   * names that the fields have in JSON: nothing is left of it.
   */
  #refuseNameless(
    request: ServerRequest,
    value: JsonObject,
    fieldValidation: string,
    refuse: (message: string) => StatusError,
  ): never {
    const complaints = Object.keys(value)
      .filter((field) => field !== 'kind' && field !== 'apiVersion')
      .sort()
      .map((field) => `unknown field ${goQuote(field)}`);
    if (complaints.length > 0 && fieldValidation === 'Strict') {
      throw refuse(`strict decoding error: ${complaints.join(', ')}`);
    }
    if (fieldValidation !== 'Ignore') request.warnings.push(...complaints);
    throw badRequestError(
      `the name of the object (${request.info.name} based on URL) was undeterminable: name must be provided`,
    );
  }

  /**
   * The object that was read, or is at hand, with its defaults. `refuse` words what does not fit; the default is a
   * body's 400.
   */
  decodeParsed(
    request: ServerRequest,
    parsed: ParsedText,
    target: TargetKind,
    fieldValidation: string,
    earlierErrors: readonly string[] = [],
    refuse: (message: string) => StatusError = (message) =>
      badRequestError(
        `${target.kind} in version ${JSON.stringify(target.version)} cannot be handled as a ${target.kind}: ${message}`,
      ),
  ): KubeObject {
    const schema = schemaOf(target.schema);
    const { object, strictErrors } = decodeOrRefuse(
      () =>
        'custom' in target && target.custom !== undefined
          ? decodeCustom(target.custom, parsed)
          : decodeWith(schema, parsed),
      refuse,
    );
    const complaints = [...earlierErrors, ...strictErrors];
    if (complaints.length > 0) {
      if (fieldValidation === 'Strict') throw refuse(`strict decoding error: ${complaints.join(', ')}`);
      if (fieldValidation !== 'Ignore') request.warnings.push(...complaints.flatMap(yamlWarnings));
    }
    request.trace({
      type: 'decoded',
      kind: target.kind,
      warnings: fieldValidation === 'Ignore' ? [] : complaints,
    });
    const { metadata, kind: _kind, apiVersion: _apiVersion, ...rest } = object;
    const complete: KubeObject = {
      kind: target.kind,
      apiVersion: apiVersionOf(target),
      metadata: metadata ?? {},
      ...rest,
    };
    if ('strategy' in target) target.strategy.fillDefaults?.(complete);
    if (schema !== undefined) fillPrintedZeros(complete as unknown as JsonObject, schema);
    return complete;
  }
}

/**
 * What the body says; `isTyped`: it will be decoded as a type, which copies what a client of the same process gave as a
 * value. Throws what the parsers throw, and 413 or 415.
 */
function parseBody(request: ServerRequest, isTyped: boolean): ParsedText {
  const { json } = request.http;
  if (json !== undefined && isTyped) return parsedValue(json as Json);
  const body = limitedBody(request);
  return bodyMediaType(request) === 'application/yaml' ? parseYamlBody(body) : parseJson(body);
}

const YAML_COMPLAINTS = 'yaml: unmarshal errors:\n';

/** YAML's complaints one by one. Models endpoints/handlers/rest.go parseYAMLWarnings. */
function yamlWarnings(complaint: string): readonly string[] {
  if (!complaint.startsWith(YAML_COMPLAINTS)) return [complaint];
  return complaint
    .slice(YAML_COMPLAINTS.length)
    .split('\n')
    .map((line) => line.trim());
}

function decodeOrRefuse<T>(decode: () => T, refuse: (message: string) => StatusError): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error.message);
    throw error;
  }
}

/** Kinds without a schema keep all their fields. */
function decodeWith(
  schema: ObjectSchema | undefined,
  parsed: ParsedText,
): { object: KubeObject; strictErrors: readonly string[] } {
  const decoded =
    schema === undefined
      ? { object: parsed.value, strictErrors: duplicateFields(parsed) }
      : decodeObject(parsed, schema);
  return { object: decoded.object as unknown as KubeObject, strictErrors: decoded.strictErrors };
}

function decodeCustom(
  custom: CustomKind,
  parsed: ParsedText,
): { object: KubeObject; strictErrors: readonly string[] } {
  const { object, strictErrors } = custom.decode(parsed);
  return { object: object as unknown as KubeObject, strictErrors };
}

/**
 * A custom resource must say what it is: 400, or 422 for another kind.
 * Models the unstructured serializer, and validation of TypeMeta.
 */
function checkCustomKind(
  { apiVersion, kind }: { apiVersion: string; kind: string },
  value: Json,
  target: ResourceDefinition,
  unrecognized: (message: string) => StatusError,
  body: string,
): void {
  if (kind === '') throw unrecognized(`Object 'Kind' is missing in '${body}'`);
  const expected = apiVersionOf(target);
  if (apiVersion !== expected) {
    throw badRequestError(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (kind !== target.kind) {
    const errors = [invalid('kind', kind, `must be ${target.kind}`)];
    const { name } = ((value as JsonObject)['metadata'] ?? {}) as { name?: Json };
    throw invalidError({ group: target.group, kind }, typeof name === 'string' ? name : '', errors);
  }
}

/** Rejects with 400 for a body that calls itself something else than what the path serves. */
function checkKind(meta: { apiVersion: string; kind: string }, target: TargetKind): void {
  const kind = meta.kind === '' ? target.kind : meta.kind;
  const { group, version } = meta.apiVersion === '' ? target : parseApiVersion(meta.apiVersion);
  const others: readonly string[] = ('otherVersions' in target && target.otherVersions) || [];
  if (kind === target.kind && group === target.group && others.includes(version)) return;
  if (isOtherVersion(meta, target)) {
    throw badRequestError(
      `the API version in the data (${meta.apiVersion}) does not match the expected API version (${apiVersionOf(target)})`,
    );
  }
  const complaint = kindComplaint({ group, version, kind }, target);
  if (complaint === undefined) return;
  throw badRequestError(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${target.kind}: ${complaint}`,
  );
}

/** The target's kind in a version that upstream's scheme can convert. */
function isOtherVersion(meta: { apiVersion: string; kind: string }, target: TargetKind): boolean {
  const { group, version } = parseApiVersion(meta.apiVersion);
  const isKind = meta.kind === target.kind && group === target.group && version !== target.version;
  return isKind && RETIRED_VERSIONS[group]?.includes(version) === true;
}

/** What Go says of an object that calls itself something else than the target; undefined if it does not. */
function kindComplaint({ group, version, kind }: GroupVersionKind, target: TargetKind): string | undefined {
  if (kind === target.kind && group === target.group && version === target.version) return undefined;
  const isMeta = META_KINDS.includes(kind) || (group === '' && CORE_META_KINDS.includes(kind));
  if (!isMeta && builtinSchema({ group, version, kind }) === undefined) {
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersionOf({ group, version }))} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  }
  return `converting (${version}.${kind}) to (${packageOf(target.group)}.${target.kind}): unknown conversion`;
}

function builtinSchema({ group, version, kind }: GroupVersionKind): ObjectSchema | undefined {
  return schemaOf(`io.k8s.api.${packageOf(group)}.${version}.${kind}`);
}

/** The beginning of a body, in hexadecimal unless it looks like JSON. Models negotiation summarizeData. */
function summary(body: string): string {
  if (body === '') return '<empty>';
  if (body.startsWith('{')) {
    return body.length > SUMMARY_LENGTH ? `${body.slice(0, SUMMARY_LENGTH)} ...` : body;
  }
  const bytes = utf8(body.slice(0, SUMMARY_LENGTH + 1));
  const hex = (list: readonly number[]) => list.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > SUMMARY_LENGTH ? `${hex(bytes.slice(0, SUMMARY_LENGTH))} ...` : hex(bytes);
}

function utf8(text: string): number[] {
  return [...encodeURIComponent(text).matchAll(/%(..)|./g)].map(([character, code]) =>
    code === undefined ? character.charCodeAt(0) : parseInt(code, 16),
  );
}
