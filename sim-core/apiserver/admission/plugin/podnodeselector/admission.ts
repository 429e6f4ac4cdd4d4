import type { PodSpec } from 'kubernetes-types/core/v1';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };
const ANNOTATION = 'scheduler.alpha.kubernetes.io/node-selector';

/**
 * All pods of a namespace run on the nodes of its annotation.
 * Models plugin/pkg/admission/podnodeselector/admission.go, without a configuration file.
 */
export class PodNodeSelector implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, '', 'pods') || attributes.object === undefined) return;
    const namespace = await this.#services.reader.get(NAMESPACES, '', attributes.namespace);
    const selector = parse(namespace?.metadata.annotations?.[ANNOTATION] ?? '');
    const spec = attributes.object.spec as PodSpec;
    const conflict = Object.entries(selector).some(
      ([key, value]) => (spec.nodeSelector?.[key] ?? value) !== value,
    );
    if (conflict) {
      throw admissionForbidden(
        attributes,
        'pod node label selector conflicts with its namespace node label selector',
      );
    }
    if (Object.keys(selector).length > 0) spec.nodeSelector = { ...selector, ...spec.nodeSelector };
  }
}

/** "disk=ssd,zone=a". Models labels.ConvertSelectorToLabelsMap. */
function parse(text: string): Record<string, string> {
  const pairs = text.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key.trim(), value.trim()] as const;
    }),
  );
}
