import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { deepCopy } from '../../../apimachinery/copy.ts';
import { compareVersions } from '../../endpoints/discovery/version-order.ts';
import type { CustomKind, ResourceDefinition, ResourceVerb } from '../../registry/rest/resource.ts';
import { applyDefaults } from '../schema/defaulting.ts';
import { objectType, typeNameOf } from '../schema/object-type.ts';
import { openAPIOf } from '../schema/openapi.ts';
import type { CustomResourceDefinition, CustomResourceVersion, JSONSchemaProps } from '../types.ts';
import { printerColumns } from './columns.ts';
import { coerce, decodeCustomResource } from './decode.ts';
import { customScale } from './scale.ts';
import type { RuleValidator } from './strategy.ts';
import { CustomResourceStrategies } from './strategy.ts';

/** In the order in which discovery names them. */
const VERBS: readonly ResourceVerb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

/** The rules of one version's schema; undefined if it has none. */
export type RulesOf = (schema: JSONSchemaProps) => RuleValidator | undefined;

/**
 * What the generic parts need to serve the versions of a custom resource, the stored one first.
 * Models pkg/apiserver/customresource_handler.go getOrCreateServingInfoFor.
 */
export function resourceDefinitionsOf(
  crd: CustomResourceDefinition,
  rulesOf: RulesOf,
  isTerminating: () => boolean,
): ResourceDefinition[] {
  const stored = crd.spec.versions.find(({ storage }) => storage)!;
  return crd.spec.versions
    .filter(({ served }) => served)
    .sort((a, b) => Number(b.storage) - Number(a.storage))
    .map((version) => definitionOf(crd, version, stored, rulesOf, isTerminating));
}

function definitionOf(
  crd: CustomResourceDefinition,
  version: CustomResourceVersion,
  stored: CustomResourceVersion,
  rulesOf: RulesOf,
  isTerminating: () => boolean,
): ResourceDefinition {
  const { group, scope } = crd.spec;
  const { plural, singular = '', kind, listKind, shortNames, categories } = crd.status.acceptedNames;
  const schema = schemaOf(version);
  const prunes = crd.spec.preserveUnknownFields !== true;
  const strategies = new CustomResourceStrategies(schema, version, rulesOf(schema));
  const { status, scale } = version.subresources ?? {};
  const name = typeNameOf({ group, version: version.name, kind });
  const warning = deprecationWarning(crd, version);
  const custom: CustomKind = {
    storageVersion: stored.name,
    listKind: listKind ?? `${kind}List`,
    isTerminating,
    decode: (parsed) => decodeCustomResource(parsed, schema, prunes),
    type: objectType(name, schema),
    openAPI: (openapi) =>
      openAPIOf(
        {
          group,
          version: version.name,
          kind,
          plural,
          listKind: listKind ?? `${kind}List`,
          name,
          schema,
          prunes,
        },
        openapi,
      ),
  };
  return {
    ...(warning !== undefined && { deprecationWarning: warning }),
    group,
    version: version.name,
    kind,
    resource: plural,
    singular,
    ...(shortNames !== undefined && shortNames.length > 0 && { shortNames }),
    ...(categories !== undefined && categories.length > 0 && { categories }),
    namespaced: scope === 'Namespaced',
    storagePrefix: `${group}/${plural}`,
    schema: name,
    verbs: VERBS,
    strategy: strategies.main(),
    ...(status !== undefined && { status: strategies.status() }),
    ...(scale !== undefined && { subresources: [customScale(scale)] }),
    conversion:
      version === stored
        ? storedAsItIs(`${group}/${stored.name}`, schema, prunes)
        : storedAs(stored, crd, version, schema),
    columns: printerColumns(version.additionalPrinterColumns),
    custom,
  };
}

type Conversion = NonNullable<ResourceDefinition['conversion']>;

/** What is stored may be older than the schema, or of the version that was stored before. */
function storedAsItIs(apiVersion: string, schema: JSONSchemaProps, prunes: boolean): Conversion {
  return {
    toStored: (object) => object,
    fromStored: (object) => convert(object, apiVersion, schema, prunes),
  };
}

/** Of a version that is not the stored one: that one's schema has its say on both ways. */
function storedAs(
  stored: CustomResourceVersion,
  { spec: { group, preserveUnknownFields } }: CustomResourceDefinition,
  version: CustomResourceVersion,
  schema: JSONSchemaProps,
): Conversion {
  const prunes = preserveUnknownFields !== true;
  const storedSchema = schemaOf(stored);
  return {
    isLossy: true,
    toStored: (object) => convert(object, `${group}/${stored.name}`, storedSchema, prunes),
    fromStored(object) {
      const defaulted = deepCopy(object);
      applyDefaults(defaulted as unknown as Json, storedSchema);
      return convert(defaulted, `${group}/${version.name}`, schema, prunes);
    },
  };
}

const schemaOf = ({ schema }: CustomResourceVersion): JSONSchemaProps =>
  schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };

/** Conversion "None": another apiVersion, and what its schema knows. Models conversion/nop_converter.go. */
function convert(
  object: KubeObject,
  apiVersion: string,
  schema: JSONSchemaProps,
  prunes: boolean,
): KubeObject {
  const converted = deepCopy({ ...object, apiVersion });
  coerce(converted as unknown as Json, schema, prunes);
  return converted;
}

/** Models defaultDeprecationWarning. */
function deprecationWarning(
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning: own }: CustomResourceVersion,
): string | undefined {
  if (deprecated !== true) return undefined;
  if (own !== undefined) return own;
  const newer = spec.versions
    .filter((version) => version.served && version.deprecated !== true)
    .map((version) => version.name)
    .filter((other) => compareVersions(other, name) < 0)
    .sort(compareVersions)[0];
  const use = newer === undefined ? '' : `; use ${spec.group}/${newer} ${spec.names.kind}`;
  return `${spec.group}/${name} ${spec.names.kind} is deprecated${use}`;
}
