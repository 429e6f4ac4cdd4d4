import type { PodSpec } from 'kubernetes-types/core/v1';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

/**
 * Every container's image is pulled at every start: whoever uses a private image needs its credentials.
 * Models plugin/pkg/admission/alwayspullimages/admission.go.
 */
export class AlwaysPullImages implements PluginWork {
  admit(attributes: AdmissionAttributes): Promise<void> {
    if (isResource(attributes, '', 'pods') && attributes.object !== undefined) {
      const { initContainers, containers, ephemeralContainers } = attributes.object.spec as PodSpec;
      for (const container of [...(initContainers ?? []), ...containers, ...(ephemeralContainers ?? [])]) {
        container.imagePullPolicy = 'Always';
      }
    }
    return Promise.resolve();
  }
}
