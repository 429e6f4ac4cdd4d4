import { semanticEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Strategy } from '../../registry/rest/strategy.ts';
import { isKnownFormat } from '../../util/formats.ts';
import type { CustomResourceDefinition } from '../types.ts';
import type { CheckRules } from './validation/definition.ts';
import {
  validateDefinition,
  validateDefinitionStatus,
  validateDefinitionUpdate,
} from './validation/definition.ts';
import { visitSchemas } from './validation/openapi-schema.ts';

const asCRD = (object: KubeObject) => object as CustomResourceDefinition;

/** `checkRules` is called for schemas that have rules. Models pkg/registry/customresourcedefinition/strategy.go. */
export const strategyWith = (checkRules: CheckRules): Strategy => ({
  allowUnconditionalUpdate: false,
  prepareForCreate(object) {
    const crd = asCRD(object);
    crd.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null };
    crd.metadata.generation = 1;
    rememberStorageVersion(crd);
  },
  prepareForUpdate(object, old) {
    const crd = asCRD(object);
    crd.status = { ...asCRD(old).status };
    if (!semanticEqual(crd.spec, asCRD(old).spec)) {
      crd.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    rememberStorageVersion(crd);
  },
  validate: (object) => validateDefinition(asCRD(object), checkRules),
  validateUpdate: (object, old) => validateDefinitionUpdate(asCRD(object), asCRD(old), checkRules),
  warningsOnCreate: (object) => warningsOf(asCRD(object)),
  warningsOnUpdate(object, old) {
    const before = warningsOf(asCRD(old));
    return warningsOf(asCRD(object)).filter((text) => !before.includes(text));
  },
});

/** What is wrong with a definition whose status was updated. */
export const validateStatusUpdate = (object: KubeObject) => validateDefinitionStatus(asCRD(object));

/** Whichever version objects are stored in is remembered for ever, or until somebody migrates them. */
function rememberStorageVersion({ spec, status }: CustomResourceDefinition): void {
  const name = spec.versions.find(({ storage }) => storage)?.name;
  const stored = status.storedVersions ?? [];
  if (name !== undefined && !stored.includes(name)) status.storedVersions = [...stored, name];
}

/** Models WarningsOnCreate. */
function warningsOf({ spec }: CustomResourceDefinition): string[] {
  const formats: string[] = [];
  const sets = new Set<string>();
  for (const { schema } of spec.versions) {
    if (schema?.openAPIV3Schema === undefined) continue;
    visitSchemas(schema.openAPIV3Schema, (part) => {
      if (part.format && !isKnownFormat(part.type, part.format)) {
        formats.push(`unrecognized format ${goQuote(part.format)}`);
      }
      const items = part['x-kubernetes-list-type'] === 'set' ? part.items?.type : undefined;
      if (items === 'object' || items === 'array') {
        sets.add(
          `x-kubernetes-list-type: set for items of type ${goQuote(items)} is not supported by server-side apply or CEL validation rules`,
        );
      }
    });
  }
  return [...formats, ...[...sets].sort()];
}
