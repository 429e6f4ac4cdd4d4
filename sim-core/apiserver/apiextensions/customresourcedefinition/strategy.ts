import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Strategy } from '../../registry/rest/strategy.ts';
import type { CustomResourceDefinition } from '../types.ts';
import type { CheckRules } from './validation/definition.ts';
import {
  validateDefinition,
  validateDefinitionStatus,
  validateDefinitionUpdate,
} from './validation/definition.ts';

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
    if (!decodedEqual(crd.spec, asCRD(old).spec)) {
      crd.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    rememberStorageVersion(crd);
  },
  validate: (object) => validateDefinition(asCRD(object), checkRules),
  validateUpdate: (object, old) => validateDefinitionUpdate(asCRD(object), asCRD(old), checkRules),
});

/** What is wrong with a definition whose status was updated. */
export const validateStatusUpdate = (object: KubeObject) => validateDefinitionStatus(asCRD(object));

/** Whichever version objects are stored in is remembered for ever, or until somebody migrates them. */
function rememberStorageVersion({ spec, status }: CustomResourceDefinition): void {
  const name = spec.versions.find(({ storage }) => storage)?.name;
  const stored = status.storedVersions ?? [];
  if (name !== undefined && !stored.includes(name)) status.storedVersions = [...stored, name];
}
