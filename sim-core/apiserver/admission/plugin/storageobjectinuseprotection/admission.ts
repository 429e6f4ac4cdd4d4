import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
};

/**
 * Volumes and claims stay as long as something uses them: a controller takes the finalizer away.
 * Models plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go.
 */
export class StorageObjectInUseProtection implements PluginWork {
  admit(attributes: AdmissionAttributes): Promise<void> {
    const { object, resource } = attributes;
    const finalizer = FINALIZERS[resource.resource];
    if (finalizer !== undefined && object !== undefined && isResource(attributes, '', resource.resource)) {
      const finalizers = object.metadata.finalizers ?? [];
      if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
    }
    return Promise.resolve();
  }
}
