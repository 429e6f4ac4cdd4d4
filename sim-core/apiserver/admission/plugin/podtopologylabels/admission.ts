import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const NODES = { group: '', resource: 'nodes' };
const LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/**
 * Copies where a node is to the pods that are bound to it.
 * Models plugin/pkg/admission/podtopologylabels/admission.go.
 */
export class PodTopologyLabels implements AdmissionPlugin {
  readonly name = 'PodTopologyLabels';
  readonly resources = ['/pods', '/pods/binding'];
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE';
  }

  async admit({ object, resource, subresource }: AdmissionAttributes): Promise<void> {
    if (object === undefined || resource.group !== '' || resource.resource !== 'pods') return;
    const name = nodeOf(object, subresource);
    if (!name) return;
    const node = await this.#services.reader.get(NODES, '', name);
    const labels = LABELS.flatMap((label) => {
      const value = node?.metadata.labels?.[label];
      return value === undefined ? [] : [[label, value] as const];
    });
    if (labels.length === 0) return;
    object.metadata.labels = { ...Object.fromEntries(labels), ...object.metadata.labels };
  }
}

/** The node that a pod, or a Binding, names. */
function nodeOf(object: KubeObject, subresource: string): string | undefined {
  if (subresource === '') return object.spec?.nodeName;
  if (subresource !== 'binding' || object.target?.kind !== 'Node') return undefined;
  return object.target.name;
}
