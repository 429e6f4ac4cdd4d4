import { classOf } from '../../../../client-go/component-helpers/storage/class.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

const CLASSES = { group: 'storage.k8s.io', resource: 'storageclasses' };

/**
 * Lets claims grow only where their class allows it.
 * Models plugin/pkg/admission/storage/persistentvolume/resize/admission.go.
 */
export class PersistentVolumeClaimResize implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object: claim, oldObject: old } = attributes;
    if (!isResource(attributes, '', 'persistentvolumeclaims')) return;
    if (claim === undefined || old === undefined || sizeOf(claim).compare(sizeOf(old)) <= 0) return;
    if (old.status?.phase !== 'Bound') {
      throw admissionForbidden(attributes, 'Only bound persistent volume claims can be expanded');
    }
    if (!(await this.#mayGrow(claim, old))) {
      throw admissionForbidden(
        attributes,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    }
  }

  async #mayGrow(claim: KubeObject, old: KubeObject): Promise<boolean> {
    const name = classOf(claim);
    if (name === '' || name !== classOf(old)) return false;
    return (await this.#services.reader.get(CLASSES, '', name))?.allowVolumeExpansion === true;
  }
}

const sizeOf = ({ spec }: KubeObject) => Quantity.parse(spec?.resources?.requests?.storage ?? '0');
