import type { KubeObject, OwnerReference } from '../../../../apimachinery/object.ts';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import { goStruct } from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Models pkg/registry/apps/controllerrevision/strategy.go: history is not rewritten. */
export const controllerRevisionStrategy: Strategy = {
  needs: [checks.workloads],
  fillDefaults(object) {
    object.revision ??= 0;
  },
  validatesUpdateAsNew: true,
  validate: (object) => checks.workloads.loaded.validateControllerRevision(object),
  validateUpdate: (object, old) =>
    decodedEqual(object.data, old.data)
      ? []
      : checks.generic.loaded.validateImmutableField(
          object.data,
          old.data,
          'data',
          goStruct('runtime.Unknown', { raw: object.data }),
        ),
};

/** "statefulset.apps/web". Models printers.go formatResourceName of the controller. */
function controllerOf(object: KubeObject): string {
  const owner = (object.metadata.ownerReferences ?? []).find((item: OwnerReference) => item.controller);
  if (owner === undefined) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

export const controllerRevisionColumns: readonly TableColumn[] = [
  column('Controller', 'string', 'Controller of the object', controllerOf),
  column(
    'Revision',
    'string',
    { of: 'io.k8s.api.apps.v1.ControllerRevision', field: 'revision' },
    (object) => object.revision ?? 0,
  ),
  AGE,
];
