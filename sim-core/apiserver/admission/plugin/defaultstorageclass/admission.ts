import type { KubeObject } from '../../../../apimachinery/object.ts';
import { isDefaultClass } from '../../../registry/storage/resources.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const BETA_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/**
 * A claim that names no class gets the default one; of several the newest.
 * Models plugin/pkg/admission/storage/storageclass/setdefault/admission.go.
 */
export class DefaultStorageClass implements AdmissionPlugin {
  readonly name = 'DefaultStorageClass';
  readonly resources = ['/persistentvolumeclaims'];
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const claim = attributes.object;
    if (!isResource(attributes, '', 'persistentvolumeclaims') || claim === undefined) return;
    if (claim.spec?.storageClassName !== undefined) return;
    if (claim.metadata.annotations?.[BETA_ANNOTATION] !== undefined) return;
    const classes = await this.#services.reader.list({ group: 'storage.k8s.io', resource: 'storageclasses' });
    const [newest] = classes.filter(isDefaultClass).sort(byAge);
    if (newest !== undefined) claim.spec.storageClassName = newest.metadata.name;
  }
}

/** Newest first, then by name. */
function byAge(a: KubeObject, b: KubeObject): number {
  const [left, right] = [a, b].map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  return right! - left! || (a.metadata.name! < b.metadata.name! ? -1 : 1);
}
