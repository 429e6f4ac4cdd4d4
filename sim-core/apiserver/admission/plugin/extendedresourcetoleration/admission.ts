import type { PodSpec } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

/**
 * Who asks for a device may run on the nodes that are kept for those who do: their taint has its name.
 * Models plugin/pkg/admission/extendedresourcetoleration/admission.go.
 */
export class ExtendedResourceToleration implements PluginWork {
  admit(attributes: AdmissionAttributes): Promise<void> {
    if (isResource(attributes, '', 'pods') && attributes.object !== undefined) {
      const spec = attributes.object.spec as PodSpec;
      const names = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
        Object.keys(resources?.requests ?? {}),
      );
      for (const key of [...new Set(names)].filter(isExtended).sort()) {
        const toleration = { key, operator: 'Exists' };
        const tolerations = spec.tolerations ?? [];
        if (tolerations.some((other) => semanticEqual(other, toleration))) continue;
        spec.tolerations = [...tolerations, toleration];
      }
    }
    return Promise.resolve();
  }
}

/** Models helper.IsExtendedResourceName. */
const isExtended = (name: string) =>
  name.includes('/') && !/(^|\.)kubernetes\.io\//.test(name) && !name.startsWith('requests.');
