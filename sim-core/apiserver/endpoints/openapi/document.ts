import type { GroupVersion, GroupVersionKind, JsonObject } from '../../../apimachinery/object.ts';
import type { Descriptions } from '../../../apimachinery/schema/descriptions.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import { V2, V3 } from './dialect.ts';
import type { Operation, PathItem } from './operations.ts';
import { groupName, pathsOf } from './operations.ts';
import { parameterOf, PRETTY } from './parameters.ts';
import { gvkOf, SchemaCollector } from './schemas.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const PATCH_TYPE = `${META}.Patch`;
const PATCH_MEDIA_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const STATUS_TEXTS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
const SECURITY = {
  BearerToken: {
    description: 'Bearer Token authentication',
    in: 'header',
    name: 'authorization',
    type: 'apiKey',
  },
};

/** What documents are made from. */
export interface OpenApiSource {
  readonly definitions: readonly ResourceDefinition[];
  readonly descriptions: Descriptions;
  /** "v1.36.4". */
  readonly version: string;
}

/** The document of one group's version. Models k8s.io/kube-openapi/pkg/builder3. */
export function documentV3(groupVersion: GroupVersion, source: OpenApiSource): JsonObject {
  const definitions = source.definitions.filter(
    ({ group, version }) => group === groupVersion.group && version === groupVersion.version,
  );
  const collector = new SchemaCollector(
    V3,
    source.descriptions,
    kindsBySchema(source.definitions),
    customTypes(definitions, 3),
  );
  const paths: JsonObject = {};
  for (const item of definitions.flatMap(pathsOf)) {
    paths[item.path] = pathItemOf(item, 3, (operation) => operationV3(operation, groupVersion, collector));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: source.version },
    paths: sorted(paths),
    components: { schemas: collector.definitions(), securitySchemes: SECURITY },
  };
}

/** The document of everything. Models k8s.io/kube-openapi/pkg/builder. */
export function documentV2(source: OpenApiSource): JsonObject {
  const collector = new SchemaCollector(
    V2,
    source.descriptions,
    kindsBySchema(source.definitions),
    customTypes(source.definitions, 2),
  );
  const paths: JsonObject = {};
  for (const definition of source.definitions) {
    for (const item of pathsOf(definition)) {
      paths[item.path] = pathItemOf(item, 2, (operation) => operationV2(operation, definition, collector));
    }
  }
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: source.version },
    paths: sorted(paths),
    definitions: collector.definitions(),
    securityDefinitions: SECURITY,
    security: [{ BearerToken: [] }],
  };
}

const customTypes = (definitions: readonly ResourceDefinition[], version: 2 | 3) =>
  new Map(definitions.flatMap(({ custom }) => Object.entries(custom?.openAPI(version) ?? {})));

function pathItemOf(
  { parameters, operations }: PathItem,
  version: 2 | 3,
  write: (operation: Operation) => JsonObject,
): JsonObject {
  return {
    ...Object.fromEntries(operations.map((operation) => [operation.method, write(operation)])),
    parameters: [...parameters, PRETTY].map((parameter) => parameterOf(parameter, version)),
  };
}

function operationV3(
  operation: Operation,
  groupVersion: GroupVersion,
  collector: SchemaCollector,
): JsonObject {
  const { parameters, body, answer, statuses } = operation;
  const content = (type: string, mediaTypes: readonly string[]): JsonObject => {
    const schema = collector.refer(type);
    const described: JsonObject = schema === undefined ? {} : { schema };
    return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, described]));
  };
  return {
    ...common(operation, groupVersion),
    ...(parameters.length > 0 && { parameters: parameters.map((parameter) => parameterOf(parameter, 3)) }),
    ...(body !== undefined && {
      requestBody: {
        ...(isRequired(body) && { required: true }),
        content: content(body, body === PATCH_TYPE ? PATCH_MEDIA_TYPES : ['*/*']),
      },
    }),
    responses: {
      ...Object.fromEntries(
        statuses.map((status) => [
          String(status),
          {
            description: STATUS_TEXTS[status]!,
            content:
              answer === undefined ? { '*/*': { schema: { type: 'string' } } } : content(answer, MEDIA_TYPES),
          },
        ]),
      ),
      '401': { description: 'Unauthorized' },
    },
  };
}

function operationV2(
  operation: Operation,
  groupVersion: GroupVersion,
  collector: SchemaCollector,
): JsonObject {
  const { parameters, body, answer, statuses } = operation;
  const answerSchema = answer === undefined ? { type: 'string' } : collector.refer(answer);
  const bodySchema = body === undefined ? undefined : collector.refer(body);
  return {
    ...common(operation, groupVersion),
    consumes: body === PATCH_TYPE ? PATCH_MEDIA_TYPES : ['*/*'],
    produces: answer === undefined ? ['*/*'] : MEDIA_TYPES,
    schemes: ['https'],
    parameters: [
      ...(bodySchema === undefined
        ? []
        : [{ in: 'body', name: 'body', ...(isRequired(body!) && { required: true }), schema: bodySchema }]),
      ...parameters.map((parameter) => parameterOf(parameter, 2)),
    ],
    responses: {
      ...Object.fromEntries(
        statuses.map((status) => [
          String(status),
          { description: STATUS_TEXTS[status]!, ...(answerSchema !== undefined && { schema: answerSchema }) },
        ]),
      ),
      '401': { description: 'Unauthorized' },
    },
  };
}

function common({ id, description, action, kind }: Operation, { group, version }: GroupVersion): JsonObject {
  const name = groupName(group);
  return {
    tags: [`${name.charAt(0).toLowerCase()}${name.slice(1)}_${version}`],
    description,
    operationId: id,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvkOf(kind),
  };
}

/** Options may be left out. */
function isRequired(body: string): boolean {
  return body !== `${META}.DeleteOptions`;
}

/** Under which kinds each type is registered: objects, their lists, and the options of every group. */
function kindsBySchema(definitions: readonly ResourceDefinition[]): ReadonlyMap<string, GroupVersionKind[]> {
  const kinds = new Map<string, GroupVersionKind[]>();
  const add = (schema: string, { group, version, kind }: GroupVersionKind) => {
    const known = kinds.get(schema) ?? [];
    kinds.set(schema, known);
    const isKnown = known.some(
      (other) => other.group === group && other.version === version && other.kind === kind,
    );
    if (!isKnown) known.push({ group, version, kind });
  };
  for (const definition of definitions) {
    add(definition.schema, definition);
    add(`${definition.schema}List`, { ...definition, kind: `${definition.kind}List` });
    add(`${META}.DeleteOptions`, { ...definition, kind: 'DeleteOptions' });
    for (const subresource of definition.subresources ?? []) {
      if (subresource.handler === 'object') add(subresource.kind.schema, subresource.kind);
    }
  }
  add(`${META}.Status`, { group: '', version: 'v1', kind: 'Status' });
  return kinds;
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
