import type { StorageClass } from 'kubernetes-types/storage/v1';
import { defaultClass, hasClass } from '../../../../client-go/component-helpers/storage/default-class.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

/**
 * A claim that names no class gets the default one; of several the newest.
 * Models plugin/pkg/admission/storage/storageclass/setdefault/admission.go.
 */
export class DefaultStorageClass implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const claim = attributes.object;
    if (!isResource(attributes, '', 'persistentvolumeclaims') || claim === undefined) return;
    if (hasClass(claim)) return;
    const classes = await this.#services.reader.list({ group: 'storage.k8s.io', resource: 'storageclasses' });
    const newest = defaultClass(classes as readonly StorageClass[]);
    if (newest !== undefined) claim.spec.storageClassName = newest.metadata!.name!;
  }
}
